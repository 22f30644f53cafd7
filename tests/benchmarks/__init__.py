"""Long measurements, started by ``dev.py bench [NAME]``; no part of the ordinary test run.

To add one, put ``bench_<name>.py`` here with ``def run(report: Report) -> None``; it is found by its name. What the
product takes is measured beside what the bare library takes for the same rows, in the same run and in turns:

    def run(report):
        with stress_store() as store, BareFile(store.folder / "bare.db") as bare:
            taken = in_turns({"product": mark_one, "bare": bare_commit}, runs=200)
            report.times("mark one person", taken["product"], p99_ms=15)
            report.slower("mark one person", taken["product"], taken["bare"], at_most=10)

``measuring`` holds the report and the clock, ``bare`` the SQLCipher file to compare with, ``stores`` the stress store.
What a bench needs and does not find is ``require``d: it fails, it is never left out. Each bench runs in a process of
its own; its figures go to build/bench/NAME.json too.
"""
