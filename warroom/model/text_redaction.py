"""Takes secrets out of neutral text before it is stored: what was found is named, its value is gone.

Six kinds: authorization headers, JSON web tokens, passwords in addresses, vendors' tokens by their prefix,
private keys, and values whose key says that they are secret. It makes leaks rare, not impossible.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar, cast

from warroom.model.text import Safe

Text = TypeVar("Text", bound=str)

_FRESH = r"(?!\\?[\"']?\[redacted:)"
"""What was taken out already stays as it is."""
_QUOTE = r"(?:\\*[\"'])?"
# Blanks are written [^\S\n]: a value is not looked for on the next line, whose gutter would be taken for it.


class _Rule(NamedTuple):
    hints: tuple[str, ...]
    """Lower-case literals; a text that holds none of them cannot match."""
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


# The prefix, what follows it, and how much of that at least; a value cut for its width ends in an ellipsis.
_VENDORS = (
    ("aws-key-id", r"(?:AKIA|ASIA|ABIA|ACCA)", r"[A-Z0-9]", 16, ("akia", "asia", "abia", "acca")),
    (
        "github-token",
        r"(?:gh[pousr]_|github_pat_)",
        r"\w",
        22,
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    ),
    (
        "gitlab-token",
        r"gl(?:pat|ptt|rt|dt|cbt|soat|ft|imt|agent)-",
        r"[\w.-]",
        20,
        ("glpat-", "glptt-", "glrt-", "gldt-", "glcbt-", "glsoat-", "glft-", "glimt-", "glagent-"),
    ),
    ("slack-token", r"(?:xox[a-z](?:\.xox[a-z])?-|xapp-)", r"[\w-]", 10, ("xox", "xapp-")),
    ("slack-webhook", r"hooks\.slack\.com/(?:services|workflows)/", r"[\w/]", 20, ("hooks.slack.com/",)),
    ("stripe-key", r"(?:[sr]k_(?:live|test)_|whsec_)", r"\w", 16, ("k_live_", "k_test_", "whsec_")),
    ("google-key", r"(?:AIza|GOCSPX-|ya29\.)", r"[\w-]", 20, ("aiza", "gocspx-", "ya29.")),
    ("api-key", r"sk-", r"[\w-]", 20, ("sk-",)),
    ("hugging-face-token", r"hf_", r"[A-Za-z0-9]", 30, ("hf_",)),
    ("registry-token", r"(?:npm_|pypi-|dckr_pat_)", r"[\w-]", 20, ("npm_", "pypi-", "dckr_pat_")),
    ("vault-token", r"hv[sbr]\.", r"[\w-]", 20, ("hvs.", "hvb.", "hvr.")),
    ("cloud-token", r"(?:do[opr]_v1_|dapi(?=[0-9a-f]))", r"[0-9a-f]", 32, ("_v1_", "dapi")),
    ("grafana-token", r"(?:glsa_|glc_)", r"[\w+/=]", 32, ("glsa_", "glc_")),
    ("mail-key", r"SG\.[\w-]{16,}\.", r"[\w-]", 16, ("sg.",)),
    ("openshift-token", r"sha256~", r"[\w-]", 40, ("sha256~",)),
    ("age-key", r"AGE-SECRET-KEY-1", r"[A-Z0-9]", 20, ("age-secret-key-1",)),
    # A private key as base64, as kubeconfig files hold it; what begins as a certificate is public.
    ("private-key", r"LS0tLS1CRUdJTi(?!BDRVJU)", r"[A-Za-z0-9+/=]", 20, ("ls0tls1crudjti",)),
)

_KEYS = (
    r"(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credentials?|jwt|signature"
    r"|(?:api|access|secret|private|account|shared|signing|encryption|auth)[_-]?key(?:[_-]data)?|client[_-]key[_-]data)"
)
_SCHEME = r"(?:(?:bearer|basic|token)[^\S\n]++)?+"
_VALUE = r"(?:\\+\"[^\"\\\n]*|\"(?:[^\"\\\n]|\\.)*\"?|'[^'\n]*'?|[^\s,;&\"'<>()\[\]{}\\]+)"
_STATES = frozenset(
    re.findall(
        r"\w+",
        "required missing invalid incorrect expired expires rejected wrong accepted changed failed "
        "failure authentication auth not no none null nil true false undefined unset empty is was has for "
        "from in must and or denied error ok yes mismatch rotated refreshed revoked valid found needed ",
    )
)
"""What follows "password:" in prose without being one."""


def _named(match: re.Match[str]) -> str:
    key, between, value = match["key"], match["between"], match["value"]
    bare = value.strip("\\\"'")
    if (
        not bare
        or bare.lower().strip(".:!…") in _STATES
        or bare.startswith(("$", "*", "%", "{{"))
        or _is_folder(key, bare)
    ):
        return match[0]
    spoken = ":" in between and "=" not in between and between[-1:].isspace() and value[0] not in "\"'\\"
    if spoken and not _is_password(key) and not _looks_random(bare):
        return match[0]
    quote = value[: len(value) - len(value.lstrip("\\\"'"))]
    closing = value[len(value.rstrip("\"'")) :] if quote else ""
    return f"{key}{between}{quote}[redacted:{_kind(key)}]{closing}"


def _is_folder(key: str, value: str) -> bool:
    """PWD and OLDPWD are folders, not passwords."""
    return key.lower() in ("pwd", "oldpwd") and value.startswith(("/", "~"))


def _is_password(key: str) -> bool:
    return re.search(r"(?i)pass|pwd", key) is not None


def _looks_random(value: str) -> bool:
    """Whether a value is no word or name of ordinary prose."""
    if len(value) < 8:
        return False
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and "/" not in value


def _kind(key: str) -> str:
    if _is_password(key):
        return "password"
    lowered = key.lower()
    for word in ("token", "key", "jwt", "signature", "credential"):
        if word in lowered:
            return word
    return "secret"


def _with_scheme(match: re.Match[str]) -> str:
    return f"{match['name']}{match['scheme']}[redacted:{match['scheme'].split()[0].lower()}]"


def _vendor_rule(kind: str, prefix: str, body: str, least: int, hints: tuple[str, ...]) -> _Rule:
    pattern = rf"(?<![A-Za-z0-9]){prefix}(?:{body}{{{least},}}|{body}{{2,}}(?=…))"
    return _Rule(hints, re.compile(pattern), f"[redacted:{kind}]")


_HEADER = rf"(?i)(?P<name>authorization{_QUOTE}[^\S\n]*+[:=][^\S\n]*+{_QUOTE})"

_RULES = (
    _Rule(
        ("authorization",),
        re.compile(rf"{_HEADER}(?P<scheme>(?:digest|negotiate|aws4-hmac-sha256)[^\S\n]++){_FRESH}[^\n]+"),
        _with_scheme,
    ),
    _Rule(
        ("authorization",),
        re.compile(
            rf"{_HEADER}(?P<scheme>(?:bearer|basic|token|api-?key|oauth|ntlm)[^\S\n]++){_FRESH}[^\s\"',;\\]+"
        ),
        _with_scheme,
    ),
    _Rule(
        ("authorization",),
        re.compile(rf"{_HEADER}{_FRESH}(?=[^\s\"',;\\]*\d)[^\s\"',;\\]{{6,}}+(?!\s*\[redacted:)"),
        r"\g<name>[redacted:authorization]",
    ),
    _Rule(
        ("bearer",),
        re.compile(
            rf"(?i)(?P<name>)(?P<scheme>\bbearer[^\S\n]++){_FRESH}(?=[^\s\"',;\\]{{0,256}}\d)[\w.~+/=-]{{16,}}"
        ),
        _with_scheme,
    ),
    _Rule(
        ("cookie", "x-api-key", "-token"),
        re.compile(
            rf"(?i)(?<![\w-])((?:set-)?cookie|x-api-key|[\w-]{{0,64}}-token)({_QUOTE}[^\S\n]*+:[^\S\n]*+{_QUOTE}){_FRESH}"
            r"(?=[^\s\"',;]{0,256}[=\d])[^\n\"'\\]+"
        ),
        r"\1\2[redacted:header]",
    ),
    _Rule(
        ("eyj",),
        re.compile(r"(?<![\w-])eyJ[\w-]{5,}+(?:(?:\.[\w-]*+){2,4}|(?:\.[\w-]*+)?(?=…))"),
        "[redacted:jwt]",
    ),
    _Rule(
        ("://",),
        # A port and a path may hold an @, too; they are no password.
        re.compile(rf"(://[^\s/:@\"'<>?#]{{0,128}}:){_FRESH}(?!\d{{1,5}}[/?#])[^\s\"'<>]{{1,256}}@"),
        r"\1[redacted:url-password]@",
    ),
    *(_vendor_rule(*vendor) for vendor in _VENDORS),
    _Rule(
        ("pass", "pwd", "secret", "token", "credential", "jwt", "signature", "key"),
        re.compile(
            rf"(?i)(?<![\w.-])(?P<key>[\w.-]{{0,64}}?{_KEYS})"
            rf"(?P<between>{_QUOTE}[^\S\n]{{0,4}}+(?>=>|:=|[:=])[^\S\n]{{0,4}}+{_SCHEME}){_FRESH}(?P<value>{_VALUE})"
        ),
        _named,
    ),
    _Rule(
        ("--",),
        re.compile(
            rf"(?i)(?<![\w-])(?P<key>--?[\w-]{{0,64}}?{_KEYS})(?P<between>[^\S\n]++){_FRESH}(?!-)(?P<value>{_VALUE})"
        ),
        _named,
    ),
)

_HINTS = tuple((hint, place) for place, rule in enumerate(_RULES) for hint in rule.hints)

_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_ON_ONE_LINE = re.compile(rf"{_BEGIN.pattern}.*?{_END.pattern}")
_KEY_LINE = re.compile(r"(?:^|(?<=[\s┆\"]))[A-Za-z0-9+/=]{40,}\s*$")
_KEY_HEADER = re.compile(r"\b(?:Proc-Type|DEK-Info|Version|Comment): ")
_KEY = "[redacted:private-key]"


def redact(text: Text) -> Text:
    """Neutral text without its secrets; each leaves ``[redacted:kind]`` in its place."""
    if "-----BEGIN" in text:
        text = cast(Text, "\n".join(_without_private_keys(text.split("\n"))))
    return _apply(_hinted(text.lower(), _HINTS), text)


def redact_lines(lines: list[Safe]) -> list[Safe]:
    """As many lines as came, without their secrets, private keys that run over several lines among them."""
    if any("-----BEGIN" in line for line in lines):
        lines = [Safe(line) for line in _without_private_keys(lines)]
    # What no line holds need not be looked for in each.
    possible = _hinted("\n".join(lines).lower(), _HINTS)
    return [_apply(_hinted(line.lower(), possible), line) for line in lines] if possible else lines


def _hinted(folded: str, hints: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [hint for hint in hints if hint[0] in folded]


def _apply(hints: list[tuple[str, int]], text: Text) -> Text:
    for place in sorted({place for _, place in hints}):
        rule = _RULES[place]
        text = cast(Text, rule.pattern.sub(rule.replacement, text))
    return text


def _without_private_keys(lines: list[Safe] | list[str]) -> list[str]:
    """Each line of a key is replaced, whatever stands before it on its line (a time, a name) is kept."""
    kept: list[str] = []
    inside = False
    for place, line in enumerate(lines):
        line = _ON_ONE_LINE.sub(_KEY, line)
        if begin := _BEGIN.search(line):
            inside = True
            kept.append(line[: begin.start()] + _KEY)
        elif inside and (end := _END.search(line)):
            inside = False
            kept.append(line[: line.rfind(" ", 0, end.start()) + 1] + _KEY + line[end.end() :])
        elif inside and (body := _key_body(lines, place)) is not None:
            kept.append(line[:body] + _KEY)
        else:
            inside = False
            kept.append(line)
    return kept


def _key_body(lines: list[Safe] | list[str], place: int) -> int | None:
    """Where on a line the body of a private key begins, or None when the line is none of a key's."""
    line = lines[place]
    if found := _KEY_LINE.search(line) or _KEY_HEADER.search(line):
        return found.start()
    if not line.strip(" ┆"):
        return len(line)
    last = place + 1 < len(lines) and _END.search(lines[place + 1])
    return line.rfind(" ") + 1 if last else None
