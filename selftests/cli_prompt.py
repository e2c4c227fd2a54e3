#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# cli_prompt.py: drives vnetctl's prompt through a pseudo-terminal as a script of sends and expectations says.
"""usage: cli_prompt.py [VNETCTL-OPTION...] -- STEP...

STEP   send=TEXT     type it; \\t TAB, \\r ENTER, \\x03 Ctrl-C, \\x04 Ctrl-D, \\x12 Ctrl-R, \\e ESC
       line=TEXT     type it and ENTER, then wait for the next prompt
       expect=REGEX  this must appear in what was printed since the last match
       absent=REGEX  this must not have appeared since the last match
       prompt=REGEX  the last line now is a prompt that matches
       exit=N        the program ends by itself with this status
       hangup        the terminal goes away; the program ends

Exit status: 0 all steps held, 1 one did not; what was seen is printed.
"""
import os
import pty
import re
import select
import signal
import sys
import time

PATIENCE = 8.0 * (15 if os.environ.get("VNET_SLOW") == "1" else 1)
PROMPT = r"vnet(\([^)]*\))?> $"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07")

class Failure(Exception):
    pass

class Terminal:
    def __init__(self, options):
        self.seen, self.at, self.status = "", 0, None
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execvp("vnetctl", ["vnetctl"] + options)

    def read(self, timeout):
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.seen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)

    def text(self):
        return ESCAPES.sub("", self.seen[self.at:])

    def wait(self, what, pattern):
        end = time.monotonic() + PATIENCE
        while True:
            if re.search(pattern, self.text(), re.M):
                return
            left = end - time.monotonic()
            if left <= 0 or not self.read(left):
                if not re.search(pattern, self.text(), re.M):
                    raise Failure("%s: no match for %r" % (what, pattern))
                return

    def mark(self):
        self.at = len(self.seen)

    def send(self, text):
        text = text.replace("\\t", "\t").replace("\\r", "\r").replace("\\e", "\x1b")
        text = re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m.group(1), 16)), text)
        os.write(self.fd, text.encode())

    def ended(self, want):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            while self.read(0.02):
                pass
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                if self.status != want:
                    raise Failure("exit status %d, want %d" % (self.status, want))
                return
        raise Failure("it does not end")

    def hangup(self):
        os.close(self.fd)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            pid, self.status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return
            time.sleep(0.02)
        self.status = None
        raise Failure("it outlives its terminal")

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

def step(term, text):
    verb, _, arg = text.partition("=")
    if verb == "send":
        term.send(arg)
    elif verb == "line":
        term.mark()
        term.send(arg + "\\r")
        # the echo of the line ends in a newline; the prompt comes behind it
        term.wait(text, r"\n(.*\n)*" + PROMPT)
    elif verb == "expect":
        term.wait(text, arg)
    elif verb == "absent":
        while term.read(0.2):
            pass
        if re.search(arg, term.text(), re.M):
            raise Failure("%s: it is there" % text)
    elif verb == "prompt":
        term.wait(text, arg + "$")
        term.mark()
    elif verb == "mark":
        term.mark()
    elif verb == "hangup":
        term.hangup()
    elif verb == "exit":
        term.ended(int(arg))
    else:
        raise Failure("no such step: " + text)

def main():
    args = sys.argv[1:]
    if "--" not in args:
        print(__doc__, file=sys.stderr)
        return 2
    cut = args.index("--")
    os.environ.update(TERM="xterm", COLUMNS="100", LINES="40")
    term = Terminal(args[:cut])
    try:
        term.wait("the first prompt", PROMPT)
        for text in args[cut + 1:]:
            step(term, text)
    except Failure as e:
        print("failed at %s" % e)
        print("seen: %r" % term.seen[-1500:])
        return 1
    finally:
        term.close()
    return 0

if __name__ == "__main__":
    sys.exit(main())
