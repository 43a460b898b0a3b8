"""The link workers that live, and the partitions that each of them serves."""

from django.db import models


class LinkWorker(models.Model):
    """A worker, and when the database last heard of it, by the database's own clock."""

    name = models.CharField(primary_key=True, max_length=32)
    seen_at = models.DateTimeField()


class PartitionLease(models.Model):
    """Who serves a partition, and until when that is certain; see ``leases``."""

    partition = models.CharField(primary_key=True, max_length=1)
    owner = models.CharField(max_length=32, blank=True)
    epoch = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
