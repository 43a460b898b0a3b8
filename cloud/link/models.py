"""The running link workers and their partitions."""

from django.db import models


class LinkWorker(models.Model):
    """A worker, and its last sign of life by the database's clock."""

    name = models.CharField(primary_key=True, max_length=32)
    seen_at = models.DateTimeField()


class PartitionLease(models.Model):
    """The owner of a partition, and until when; see ``leases``."""

    partition = models.CharField(primary_key=True, max_length=1)
    owner = models.CharField(max_length=32, blank=True)
    epoch = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
