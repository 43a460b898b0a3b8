"""The wizard of the first start: what an installer sees until the device is a resident's."""
