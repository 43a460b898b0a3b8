"""Renders Scenes on a Kivy canvas. Only this package and ``window`` import Kivy."""
