"""Memory and CPU time out of /proc: its texts, and this very process."""

import os
import subprocess
import sys

import pytest

from daemon.bench.benchmark.processes import parse_pss, parse_ticks, pss, tree

ROLLUP = """\
55d0c0a00000-7ffd1a5ff000 ---p 00000000 00:00 0                          [rollup]
Rss:              105524 kB
Pss:               70031 kB
Pss_Dirty:         53808 kB
Pss_Anon:          53808 kB
"""


def test_the_proportional_share_is_the_line_of_that_name_alone() -> None:
    assert parse_pss(ROLLUP) == 70031


def test_a_rollup_without_it_is_an_error_and_not_nothing() -> None:
    with pytest.raises(ValueError, match="Pss"):
        parse_pss("Rss: 12 kB\n")


def test_cpu_time_is_found_behind_any_name_of_a_program() -> None:
    stat = "42 (a ) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 100 0 0"
    assert parse_ticks(stat) == 300


def test_a_tree_is_a_process_with_its_children_and_theirs() -> None:
    inner = "import sys; print('here', flush=True); sys.stdin.read()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        child.stdout.readline()
        found = tree(child.pid)
        assert found[0] == child.pid
        assert len(found) == 2
        assert set(found) < set(tree(os.getpid()))
        assert pss(found) > pss(found[:1]) > 0
        child.stdin.close()
    assert pss(found) == 0, "who has ended counts nothing"
