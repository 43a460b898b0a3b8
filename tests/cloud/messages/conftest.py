"""The gateway for text messages that our home uses."""

from tests.cloud.delivery.conftest import gateway, running_gateway

__all__ = ["gateway", "running_gateway"]
