"""The message that the demo prints once it is ready."""

from pathlib import Path

from provisioning.demo.desk import Prepared
from provisioning.demo.stack import Stack


def welcome(stack: Stack, prepared: Prepared, seconds: float) -> str:
    """Return where to look, how to sign in, what to press, and where the logs are."""
    port = stack.place.ports.pages
    page = f"{stack.desk.url}/devices/{stack.tablet.device}/"
    control = _short(stack.tablet.sim_socket)
    lines = [
        f"Kotiruutu is ready: {stack.desk.url}/",
        "",
        *_people(prepared),
        *(
            f"  Call as       {each['name']:<16} {stack.desk.url}{each['link']}"
            for each in prepared.seed["callers"]
        ),
        f"  The screen    is in a window of its own, and on {page}"
        if stack.virtual_display is None
        else f"  The screen    is on {page} (Katso ruutua: look, and tap it there)",
        f"  Press help    .venv/bin/kotiruutu sim press help --control {control}",
        f"  Logs          {_short(stack.place.log('x').parent)}/",
        f"  From afar     ssh -L {port}:localhost:{port} this-computer, then the same address",
        "",
        f"Painted after {seconds:.1f} s. Ctrl-C ends everything.",
    ]
    return "\n".join(lines)


def _people(prepared: Prepared) -> list[str]:
    """Return names and passwords of the demo's fictional people."""
    accounts = prepared.seed["accounts"]
    who = "  Sign in as    {user:<8} {password}   {name}, {organisation}"
    return [who.format_map(account) for account in accounts]


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
