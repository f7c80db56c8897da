"""What a check finds: how many, where, why it matters, and the command that repairs it."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a scene."""

    finding: str  # a sentence: what is wrong
    count: int  # lines or photos that it concerns
    where: str  # the first of them: file, line and photo
    why: str  # what comes of it
    remedy: str  # a command, or what to do by hand

    def as_dict(self) -> dict:
        """For JSON: exactly these five."""
        return asdict(self)

    def __str__(self) -> str:
        return "\n".join(
            [
                self.finding if self.finding.endswith(("?", ".")) else f"{self.finding}.",
                f"    how many: {self.count}, first in {self.where}",
                f"    why it matters: {self.why}",
                f"    to mend it: {self.remedy}",
            ]
        )
