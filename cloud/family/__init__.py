"""Relatives: how they apply and are let in, their lost links, and the directory of them (V15-V20)."""
