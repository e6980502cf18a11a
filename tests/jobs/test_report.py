from stgcn_affect.jobs.report import write_report_page


def test_the_page_of_a_run_without_results_says_what_is_missing(tmp_path):
    (tmp_path / "config.yaml").write_text("seed: 3\n")
    page = write_report_page(tmp_path, tmp_path / "elsewhere" / "page.html")
    assert page == tmp_path / "elsewhere" / "page.html"
    assert "Missing: which joints decided" in page.read_text()
    assert write_report_page(tmp_path) == tmp_path / "report.html"
