"""Relatives: applications, lost links, and the directory of contacts (V15-V20)."""
