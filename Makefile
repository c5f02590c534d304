# SPDX-License-Identifier: GPL-2.0-or-later
.DEFAULT_GOAL := help
.PHONY: help check-swift deps test-deps build first-build-notice demo test bench lint clean

SWIFT_BUILD = swift build -c release
# Set to "no" where the packages of .ci/packages.txt come from elsewhere.
DEPS ?= yes
# For instance: make demo DEMO_FLAGS=--once
DEMO_FLAGS ?=

help:
	@echo "make demo    build, start a gateway and a switch joined by an E1, and place a call; Ctrl-C ends it"
	@echo "             DEMO_FLAGS=--once ends after the call; .build/release/trunkgate demo --help lists more"
	@echo "make test    build and run every test, with real SIP programs"
	@echo "make bench   measure what messages and calls cost, in CPU time"
	@echo "make build   build .build/release/trunkgate and .build/release/trunkgate-line"
	@echo "make deps    install the Debian packages that building needs (.ci/packages.txt)"
	@echo "make lint    check the rules the compiler does not keep"
	@echo "make clean   remove what was built"

check-swift:
	@.ci/check-swift

deps: check-swift
	@[ "$(DEPS)" = no ] || .ci/deps build

test-deps: check-swift
	@[ "$(DEPS)" = no ] || .ci/deps build test

first-build-notice:
	@[ -e .build/release/trunkgate ] || \
	    echo "Building. The first time takes 6 to 9 minutes on 2 cores, about 2 GB of memory, and fetches the Swift packages."

build: deps first-build-notice
	$(SWIFT_BUILD) --product trunkgate-line
	$(SWIFT_BUILD) --product trunkgate

demo: build
	@exec .build/release/trunkgate demo $(DEMO_FLAGS)

# One release build serves the suites and the programs they start.
test: test-deps lint first-build-notice
	$(SWIFT_BUILD) --build-tests
	swift test -c release --skip-build --disable-xctest

bench: deps
	$(SWIFT_BUILD) --product trunkgate-bench
	@.build/release/trunkgate-bench

lint: check-swift
	@.ci/lint

clean:
	swift package clean
