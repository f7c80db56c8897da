"""Lists that the workbook refuses to read, and photos that it refuses to decode."""

from posenet_lib.scenes.check.facts import SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.pose_rows import Problem, read_rows

_KINDS = 60  # characters in which problems of one kind begin alike


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """One finding for each kind of bad line."""
    findings = []
    for of in facts.lists:
        kinds: dict[str, list[Problem]] = {}
        for problem in read_rows(of.path, check_images=not facts.lists_only).problems:
            kinds.setdefault(_kind(problem), []).append(problem)
        for problems in kinds.values():
            first = problems[0]
            if first.remedy.startswith("posenet scene check") or "lost tracking" in first.text:
                continue  # another check says more
            findings.append(
                Finding(
                    _sentence(first.text, of.path.name),
                    len(problems),
                    f"{of.path}, line {first.line}" if first.line else str(of.path),
                    "the scene cannot be used before that",
                    first.remedy or _by_hand(first.text),
                )
            )
    return findings


def _kind(problem: Problem) -> str:
    words = [word for word in problem.text.split() if not any(character in word for character in "/\\'0123456789.")]
    return " ".join(words)[:_KINDS] + problem.remedy


def _sentence(text: str, name: str) -> str:
    if text.startswith("photo "):
        return text
    return f"{name} {text}" if text.startswith("cannot be read") else f"{name} cannot be read: {text}"


def _by_hand(text: str) -> str:
    if "does not exist" in text:
        return "copy the photos to where the list says they are, or take their lines out of the list"
    if text.startswith("photo ") and "cannot be read" in text:
        return f"photos: {text.partition('cannot be read')[2].strip(' :')}"
    return "mend these lines of the list"
