"""What the desk does for each message it does not do again and again: devices and documents are read once."""

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.calls import presence
from cloud.devices import documents
from cloud.devices.models import Device, DeviceEvent, RejectedInput
from cloud.link.ingest import ingest_events
from device.contract import topics
from device.contract.documents import AnyDocument, Document
from device.contract.events import ScreenRestored
from device.contract.wire import seal
from tests.cloud.homes import Home
from tests.cloud.test_help_board import event


@pytest.mark.requirement("K3")
def test_many_events_over_https_read_their_device_once(home: Home) -> None:
    """One that is no event is noted, the others are kept; only after it the device is read again."""
    Device.objects.update(certificate_pem="x")
    DeviceEvent.objects.all().delete()
    sealed = [
        seal(event(ScreenRestored(silent_s=1)), topics.EVENT.type, sent_at=timezone.now()) for _ in range(20)
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ids = ingest_events(home.device, [*sealed[:10], b"{}", *sealed[10:]])
    assert len(set(ids)) == DeviceEvent.objects.count() == 20
    assert RejectedInput.objects.filter(device=home.device).count() == 1
    loads = [
        each for each in queries if each["sql"].startswith("SELECT") and "certificate_pem" in each["sql"]
    ]
    # At the beginning, and after the bad one: for the note, and for those that follow.
    assert len(loads) <= 3


@pytest.mark.requirement("V26")
def test_presence_composes_only_the_document_that_shows_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that opens or a call that begins touches the people of each screen, and nothing else."""
    documents.refresh(home.device)
    composed: list[Document] = []
    compose = documents._compose_one

    def note(device: Device, name: Document) -> AnyDocument:
        composed.append(name)
        return compose(device, name)

    monkeypatch.setattr(documents, "_compose_one", note)
    with TestCase.captureOnCommitCallbacks(execute=True):
        presence.choose(home.contact, "away")
    assert composed == ["people"]
