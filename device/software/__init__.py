"""The device's own software: releases side by side, and which of them runs."""
