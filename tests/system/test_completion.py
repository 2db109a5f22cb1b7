"""Shell completion of kattegatctl, in bash and in zsh."""

import subprocess

import pytest

from kattegat import paths


def complete(shell, *words):
    """What the shell offers for the last word."""
    script = subprocess.run([str(paths.CTL), "--print", "completion"],
                            text=True, stdout=subprocess.PIPE,
                            check=True).stdout
    # as bashcompinit calls it; there, zsh leaves out itself what does not fit
    begin = ("autoload -U compinit bashcompinit; compinit -D; bashcompinit\n"
             if shell == "zsh" else "")
    ask = ('COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kattegatctl\n'
           'printf "%s\\n" "${COMPREPLY[@]}"\n')
    if shell == "zsh":
        ask = "emulate sh; setopt kshglob braceexpand\n" + ask
    run = subprocess.run([shell, "-c", begin + script + ask, shell, *words],
                         text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, cwd=paths.DEMO)
    assert run.stderr == ""
    return {word for word in run.stdout.split()
            if shell == "bash" or word.startswith(words[-1])}


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("words, offered", [
    (("boo",), {"booking"}),
    (("booking", "c"), {"create", "change", "cancel", "confirm"}),
    (("booking", "create", "3", "--set"), {"--setup", "--setup-min"}),
    (("booking", "create", "--setup", "th"), {"theatre"}),
    (("--database", "booking", "booking", "list", "--st"), {"--status"}),
    (("account", "role", "7", ""), {"coordinator", "planner", "admin",
                                    "auditor"}),
    (("account", "role", "--why", "x", "7", "pl"), {"planner"}),
    (("account", "role", "7", "--off"), {"--office"}),
    (("booking", "create", "--title", ""), set()),
    (("season", "import", "kattegat-s"), {"kattegat-season-model.csv"}),
    (("booking", "list", "--status=held", "--kind", "s"), {"session"}),
    (("booking", "create", "--setup=th"), {"--setup=theatre"}),
    (("status", "--js"), {"--json"}),
    (("bl",), {"block"}),
    (("block", "1", "--aro"), {"--around"}),
    (("demo", "--sc"), {"--scale"}),
])
def test_a_shell_completes(shell, words, offered):
    assert complete(shell, "kattegatctl", *words) == offered


@pytest.mark.parametrize("words, offered", [
    # as bash cuts --setup=th
    (("booking", "create", "--setup", "=", "th"), {"theatre"}),
    (("booking", "create", "--setup", "="), {
        "theatre", "classroom", "horseshoe", "islands", "circle"}),
    (("booking", "list", "--status", "=", "held", "--kind", "s"), {"session"}),
    (("registry", "load", "--from", "../de"), {"../demo"}),
])
def test_bash_completes(words, offered):
    assert complete("bash", "kattegatctl", *words) == offered


def test_shellcheck_finds_nothing_in_it():
    script = subprocess.run([str(paths.CTL), "--print", "completion"],
                            stdout=subprocess.PIPE, check=True).stdout
    # SC2207: no word that is offered holds a blank
    run = subprocess.run(["shellcheck", "-s", "bash", "-e", "SC2207", "-"],
                         input=script, stdout=subprocess.PIPE)
    assert run.stdout.decode() == ""
