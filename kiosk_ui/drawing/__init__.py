"""Scenes on a Kivy canvas. The only rooms that import Kivy are this one and ``window``."""
