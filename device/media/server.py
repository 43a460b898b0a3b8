"""Serves calls with everything imported, and forks a process for each: it is ready in milliseconds."""

import contextlib
import ctypes
import gc
import logging
import os
import selectors
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from device.health.notify import ServiceManager
from device.window_protocol.frames import wake_path

_log = logging.getLogger(__name__)

# One that ends, one that is active and one that rings; more indicate an error.
_MOST_CALLS = 4
_ALIVE_INTERVAL_S = 5.0
_FRAMES_PREFIX = "call-"
_PR_SET_PDEATHSIG = 1

Serve = Callable[[socket.socket, Path], None]


class MediaServer:
    """Runs ``serve`` in a process of its own for each connection; that process ends with it.

    No thread may run in this process: a fork would copy its locks without it.
    """

    def __init__(self, path: Path, serve: Serve, manager: ServiceManager) -> None:
        self._path = path
        self._serve = serve
        self._manager = manager
        self._calls: set[int] = set()
        self._stopping = False

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; then every call has ended too."""
        self._clear_away()
        wake, woken = socket.socketpair()
        for end in (wake, woken):
            end.setblocking(False)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with self._listening() as listener, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            gc.freeze()
            self._manager.ready()
            while not self._stopping:
                ready = [key.fileobj for key, _ in selector.select(_ALIVE_INTERVAL_S)]
                if wake in ready:
                    with contextlib.suppress(BlockingIOError):
                        wake.recv(4096)
                self._reap(os.WNOHANG)
                if listener in ready:
                    self._accept(listener)
                self._manager.alive()
        self._end()

    def _listening(self) -> socket.socket:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self._path))
        self._path.chmod(0o660)
        listener.listen()
        listener.setblocking(False)
        return listener

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return
        with connection:
            if len(self._calls) >= _MOST_CALLS:
                _log.warning("%d calls run already; another is turned away", len(self._calls))
                return
            parent = os.getpid()
            child = os.fork()
            if child == 0:
                listener.close()
                self._be_a_call(connection, parent)
            self._calls.add(child)

    def _be_a_call(self, connection: socket.socket, parent: int) -> None:
        """Run the call and exit the process, even if a library's thread hangs. Never returns."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            # The call ends when the server is killed.
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() == parent:
                self._serve(connection, self._frames(os.getpid()))
                status = 0
        except Exception:  # noqa: BLE001 - the process ends here in any case
            _log.exception("a call's process broke")
        finally:
            logging.shutdown()
            os._exit(status)

    def _frames(self, pid: int) -> Path:
        return self._path.with_name(f"{_FRAMES_PREFIX}{pid}.frames")

    def _reap(self, options: int) -> None:
        """Remove what killed processes have left behind."""
        for pid in list(self._calls):
            with contextlib.suppress(ChildProcessError):
                ended, status = os.waitpid(pid, options)
                if not ended:
                    continue
                if status:
                    _log.warning("a call's process ended with status %d", os.waitstatus_to_exitcode(status))
            self._calls.discard(pid)
            _remove(self._frames(pid))

    def _clear_away(self) -> None:
        """Remove what a killed server has left behind."""
        for path in self._path.parent.glob(f"{_FRAMES_PREFIX}*.frames"):
            _remove(path)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _end(self) -> None:
        self._manager.stopping()
        self._path.unlink(missing_ok=True)
        for pid in self._calls:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self._reap(0)


def _remove(frames: Path) -> None:
    frames.unlink(missing_ok=True)
    wake_path(frames).unlink(missing_ok=True)
