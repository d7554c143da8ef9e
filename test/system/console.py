# console.py - the lines of a device's serial console, as they come: kept,
# searched, and answered.
#
# SPDX-License-Identifier: MIT
import re
import time

# Every line is kept in the log; these are too many to show.
NOISE = ("Hello world", "[LK-030A]")


# A row of a payload: sixteen bytes in hex, and their text.
ROW = re.compile(r"(.*\[LK-030A\] [<>] )(?:[0-9A-F]{2} | {3}){16}\| (.*)")


class Console:
    """Rows of one payload are put together again, so that lines[] has what was
    said in one piece; the log has them as they came."""

    def __init__(self, log, show=lambda line: None):
        self.log, self.show = log, show
        self.lines, self.watch, self.payload = [], [], None

    def read(self, stream):
        """Until the device's end of it is closed. In a thread of its own."""
        hello = 0
        with open(self.log, "a", encoding="utf-8") as log:
            for line in stream:
                log.write(line)
                log.flush()
                line = line.rstrip("\r\n")
                if self._joined(line):
                    continue
                self.lines.append(line)
                hello += "Hello world" in line
                if not any(n in line for n in NOISE) or \
                        ("Hello" in line and hello % 4 < 2):
                    self.show(line)
                self._act()

    def _joined(self, line):
        """A row of a payload goes behind the rows before it."""
        row = ROW.fullmatch(line)
        if not row:
            self.payload = None
            return False
        if self.payload == row[1] and self.lines:
            self.lines[-1] += row[2]
        else:
            self.payload = row[1]
            self.lines.append(row[1] + row[2])
        self._act()
        return True

    def mark(self):
        """A place in the console's text; find() looks behind it."""
        return len(self.lines)

    def find(self, text, mark):
        """The place behind the first line from mark on that has text."""
        for i in range(mark, len(self.lines)):
            if text in self.lines[i]:
                return i + 1
        return None

    def wait(self, text, mark=0, seconds=30):
        """The place behind the first line that has text, which must come."""
        deadline = time.monotonic() + seconds
        while True:
            place = self.find(text, mark)
            if place is not None:
                return place
            assert time.monotonic() < deadline, \
                "the console never said %r: see %s" % (text, self.log)
            time.sleep(0.01)

    def when(self, text, mark, action):
        """Do it once, at the first line behind mark that has text."""
        self.watch.append((text, mark, action))

    def _act(self):
        for entry in list(self.watch):
            text, mark, action = entry
            if self.find(text, mark) is not None:
                self.watch.remove(entry)
                action()
