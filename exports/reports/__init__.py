"""One function per report, each returning a :class:`exports.document.Document`."""
