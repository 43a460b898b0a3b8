"""``python -m provisioning.package tablet desk --arch amd64``: builds the Debian packages."""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from provisioning.package.contents import PACKAGES, TABLET, Arch, Contents
from provisioning.package.tree import REPOSITORY, PackageFailed, build_tree, version

SCRIPTS = Path(__file__).parent / "scripts"


def main() -> int:
    """Return 0 where every package was built."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.package")
    parser.add_argument("names", nargs="+", choices=sorted(PACKAGES))
    parser.add_argument("--arch", choices=["amd64", "arm64"], default="amd64")
    parser.add_argument("--into", type=Path, default=REPOSITORY / "build/package")
    options = parser.parse_args()
    for name in options.names:
        try:
            path = build(PACKAGES[name], options.arch, options.into)
        except PackageFailed as error:
            sys.stderr.write(f"Not built: {error}\n")
            return 1
        sys.stdout.write(f"Built {path} ({path.stat().st_size / 1e6:.0f} MB)\n")
    return 0


def build(contents: Contents, arch: Arch, into: Path) -> Path:
    """Build a package and return its file. Raises ``PackageFailed``."""
    root = into / f"{contents.name}-{arch}"
    build_tree(contents, arch, root)
    recipe = root.with_suffix(".json")
    recipe.write_text(json.dumps(_recipe(contents, arch, root), indent=1))
    package = into / f"{contents.name}_{version()}_{arch}.deb"
    nfpm = shutil.which("nfpm", path=str(Path(sys.executable).parent))
    if nfpm is None:
        raise PackageFailed("there is no nfpm beside this Python: run make setup")
    command = [nfpm, "package", "--packager", "deb", "--config", str(recipe), "--target", str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackageFailed((done.stdout + done.stderr).strip())
    shutil.rmtree(root)
    return package


def _recipe(contents: Contents, arch: Arch, root: Path) -> dict[str, Any]:
    """Return the configuration for nfpm; JSON is YAML."""
    kind = next(name for name, each in PACKAGES.items() if each is contents)
    kept = [
        file
        for place in contents.settings.values()
        for file in sorted((root / place).rglob("*"))
        if file.is_file()
    ]
    files = [
        {"src": str(file), "dst": f"/{file.relative_to(root)}", "type": "config|noreplace"} for file in kept
    ]
    files += [{"src": str(root / top), "dst": f"/{top}", "type": "tree"} for top in ("opt/kotiruutu", "usr")]
    # Debian itself does not have it, Raspberry Pi OS does.
    pins = ["python3-lgpio"] if arch == "arm64" and contents is TABLET else []
    return {
        "name": contents.name,
        "arch": arch,
        "platform": "linux",
        "version": version(),
        "section": "misc",
        "priority": "optional",
        "maintainer": "Kotiruutu <kotiruutu@localhost>",
        "description": contents.description,
        "license": "Apache-2.0",
        "depends": list(contents.depends),
        "recommends": [*contents.recommends, *pins],
        "conflicts": list(contents.conflicts),
        "contents": files,
        "scripts": {
            step: str(SCRIPTS / f"{kind}.{step}") for step in ("postinstall", "preremove", "postremove")
        },
        "deb": {"compression": "zstd"},
    }


if __name__ == "__main__":
    sys.exit(main())
