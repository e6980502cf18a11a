"""The one thing about the package that setup.cfg cannot say: a wheel carries a copy of ``configs/``."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CONFIGS = Path(__file__).parent / "configs"


class BuildWithConfigs(build_py):
    """Copies the configurations, which stand at the top level alone, into ``stgcn_affect/configs`` of a wheel."""

    def run(self) -> None:
        """Build the package, then add the copies; an editable install reads the checkout's own."""
        super().run()
        if self.editable_mode:
            return
        folder = Path(self.build_lib) / "stgcn_affect" / "configs"
        self.mkpath(str(folder))
        for path in sorted(CONFIGS.glob("*.yaml")):
            self.copy_file(str(path), str(folder / path.name))


setup(cmdclass={"build_py": BuildWithConfigs})
