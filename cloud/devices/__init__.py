"""Devices: enrolment, certificates, desired and reported documents, commands."""
