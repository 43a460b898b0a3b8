"""A fleet of simulated tablets at a real desk: how soon help is received, however many they are."""
