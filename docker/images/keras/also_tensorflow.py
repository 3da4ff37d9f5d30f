"""Notes tensorflow-cpu as installed `tensorflow` too. Run once, when the image is built."""

from importlib.metadata import distribution

cpu = distribution("tensorflow-cpu")
place = cpu.locate_file(f"tensorflow-{cpu.version}.dist-info")
place.mkdir()
(place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tensorflow\nVersion: {cpu.version}\n")
(place / "INSTALLER").write_text("hone\n")
(place / "RECORD").write_text("")
