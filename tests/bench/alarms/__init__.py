"""How soon an alarm is confirmed over SCAIP, and that none is lost or falsely confirmed while parts die."""
