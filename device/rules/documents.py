"""Desired → received → painted → reported (K1, V2). An invalid document does not change the screen."""

from msgspec.structs import replace

from device.contract.documents import Document, Rejection, Reported
from device.rules.effects import Effect, FetchPhotos, Report
from device.rules.events import (
    DocumentArrived,
    DocumentRefused,
    DocumentSetAside,
    Event,
    WindowPainted,
)
from device.rules.now import Now
from device.rules.state import Documents, State

COULD_NOT_USE = "the device could not use it"

WITH_PHOTOS = ("people", "messages", "cafe")


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Accept, reject and report documents."""
    match event:
        case DocumentArrived(name=name, document=document):
            current = state.documents.get(name)
            if document.version == state.documents.set_aside.get(name):
                return _refuse(state, name, Rejection(version=document.version, reason=COULD_NOT_USE))
            if current and document.version < current.version:
                reason = f"version {document.version} is older than version {current.version} on the screen"
                return _refuse(state, name, Rejection(version=document.version, reason=reason))
            return _take(state, event)
        case DocumentRefused(name=name, version=version, reason=reason, path=path):
            rejection = Rejection(version=version, reason=reason[:300], path=path[:300])
            return _refuse(state, name, rejection)
        case DocumentSetAside():
            return _set_aside(state, event)
        case WindowPainted(versions=versions):
            return _painted(state, versions, now)
    return state, ()


def _take(state: State, event: DocumentArrived) -> tuple[State, tuple[Effect, ...]]:
    reported = _reported(state.documents, event.name)
    reported = replace(reported, received_version=event.document.version, rejected=None)
    if state.documents.get(event.name) == event.document:
        return _with_report(state, reported), (Report(name=event.name),)
    documents = replace(state.documents, **{event.name: event.document})
    state = _with_report(replace(state, documents=documents), reported)
    report: tuple[Effect, ...] = (Report(name=event.name),)
    return state, (*report, FetchPhotos()) if event.name in WITH_PHOTOS else report


def _refuse(state: State, name: Document, rejection: Rejection) -> tuple[State, tuple[Effect, ...]]:
    reported = replace(_reported(state.documents, name), rejected=rejection)
    return _with_report(state, reported), (Report(name=name),)


def _set_aside(state: State, event: DocumentSetAside) -> tuple[State, tuple[Effect, ...]]:
    documents = replace(
        state.documents,
        **{event.name: event.document},
        set_aside={**state.documents.set_aside, event.name: event.version},
    )
    rejection = Rejection(version=event.version, reason=COULD_NOT_USE)
    return _refuse(replace(state, documents=documents), event.name, rejection)


def _painted(state: State, versions: dict[Document, int], now: Now) -> tuple[State, tuple[Effect, ...]]:
    effects: list[Effect] = []
    for name, version in versions.items():
        reported = _reported(state.documents, name)
        # After the screen was dark, a document counts as painted only from now on.
        if version > reported.painted_version or not state.window.painted:
            reported = replace(reported, painted_version=version, painted_at=now.wall)
            state = _with_report(state, reported)
            effects.append(Report(name=name))
    return state, tuple(effects)


def _reported(documents: Documents, name: Document) -> Reported:
    return documents.reported.get(name) or Reported(document=name)


def _with_report(state: State, reported: Reported) -> State:
    all_reported = {**state.documents.reported, reported.document: reported}
    if all_reported == state.documents.reported:
        return state
    return replace(state, documents=replace(state.documents, reported=all_reported))
