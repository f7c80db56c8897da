"""Numbers with their noun, as people say them: 1 minute, 8 minutes, 0.15 minutes."""


def counted(number: float, noun: str) -> str:
    """'1 epoch', '36 epochs'; fractions keep two decimals at most."""
    text = f"{number:.2f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def time_in_words(minutes: float) -> str:
    """247 -> '4 h 07 min'; below an hour '38 minutes'."""
    whole = round(minutes)
    return f"{whole // 60} h {whole % 60:02d} min" if whole >= 60 else counted(whole, "minute")
