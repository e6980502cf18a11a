import subprocess
import sys

_START = """
import sys
{first}
import stgcn_affect as sa
sa.load_model, sa.read_walk, sa.GaitDataset
print(sum(name.startswith("torch._dynamo") for name in sys.modules) > 1)
import torch
print(torch._dynamo.OptimizedModule.__module__, sys.modules["torch._dynamo"] is torch._dynamo)
"""


def _said(first: str) -> list[str]:
    return _output(_START.format(first=first))


def _output(script: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


def test_a_start_does_without_the_compiler_which_comes_when_it_is_asked_for():
    assert _said("") == ["False", "torch._dynamo.eval_frame", "True"]


def test_a_compiler_that_is_there_already_stays():
    assert _said("import torch._dynamo") == ["True", "torch._dynamo.eval_frame", "True"]


def test_what_uses_the_compiler_while_pyg_is_imported_gets_it():
    script = (
        "import sys\n"
        "from stgcn_affect.pyg import _without_compiler\n"
        "with _without_compiler():\n"
        "    import torch\n"
        "    placeholder = sys.modules['torch._dynamo']\n"
        "    print(placeholder.OptimizedModule.__name__, sys.modules['torch._dynamo'] is placeholder)\n"
    )
    assert _output(script) == ["OptimizedModule", "False"]
