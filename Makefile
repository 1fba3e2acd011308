# replycode. `make` builds the module for one Lua: make LUA=5.1|5.2|5.3|5.4|jit. `make help` lists the rest.
LUA     ?= 5.4
LUAS    := 5.1 5.2 5.3 5.4 jit
ifeq ($(filter $(LUA),$(LUAS)),)
$(error LUA=$(LUA) is unknown; expected one of $(LUAS))
endif
CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
VERSION := $(shell sed -n 's/^.define REPLYCODE_VERSION "\(.*\)"/\1/p' csrc/replycode.h)
SONAME  := libreplycode.so.0
CBOR_SONAME := libreplycode-cbor.so.0

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow
FLAGS    := -std=c99 $(WARNINGS) -fPIC -fvisibility=hidden $(CFLAGS)

# Names of one Lua: its program, its headers, where LuaRocks and Debian keep its modules.
PROGRAM_jit := luajit
PROGRAM     := $(or $(PROGRAM_$(LUA)),lua$(LUA))
LUA_PC      := $(if $(filter jit,$(LUA)),luajit,lua$(LUA))
LUA_CFLAGS  ?= $(or $(shell pkg-config --cflags $(LUA_PC) 2>/dev/null),-I/usr/include/lua$(LUA))
LUA_ABI     := $(if $(filter jit,$(LUA)),5.1,$(LUA))
LUA_LIBDIR  ?= $(PREFIX)/lib/lua/$(LUA_ABI)
LUA_DATADIR ?= $(PREFIX)/share/lua/$(LUA_ABI)

# CBOR is a module and a library of its own: the only ones that need libcbor. CBOR= builds without it.
CBOR      ?= $(shell pkg-config --exists libcbor 2>/dev/null && echo yes)
CBOR_LIBS ?= $(or $(shell pkg-config --libs libcbor 2>/dev/null),-lcbor)
CODEC     := csrc/encode.c csrc/lua_cbor.c csrc/lua_decode.c csrc/lua_encode.c csrc/lua_sequence.c
CBOR_CORE := csrc/encode.c csrc/encode_values.c

BINDING := $(filter-out $(CODEC),$(wildcard csrc/lua_*.c))
CORE    := $(filter-out csrc/lua_%.c $(CBOR_CORE),$(wildcard csrc/*.c))
HEADERS := $(wildcard csrc/*.h)
DATA    := $(wildcard csrc/data/*.def csrc/data/*/*.def csrc/data/*.inc)
MODULE  := build/$(LUA)/replycode/core.so
CODED   := $(if $(CBOR),build/$(LUA)/replycode/cbor/core.so)
COMMAND := build/$(LUA)/bin/replycode
FILTER  := build/$(LUA)/bin/filter-replycode

CBOR_OBJECTS    := $(CBOR_CORE:csrc/%.c=build/core/%.o)
CORE_OBJECTS    := $(CORE:csrc/%.c=build/core/%.o)
MODULE_OBJECTS  := $(BINDING:csrc/%.c=build/$(LUA)/%.o) $(CORE:csrc/%.c=build/$(LUA)/%.o)

.PHONY: all env tables deps demo test test-mta lint bench install install-c clean help library
all: $(MODULE) $(CODED) $(COMMAND) $(FILTER)

help:
	@echo "make [LUA=5.4]     build the module and the command line for one Lua under build/"
	@echo "make -s env [LUA=] print shell exports that make them work from here: eval \"\$$(make -s env)\""
	@echo "make deps          install what is missing (Debian), or say what to install"
	@echo "make demo          verdicts of a recorded session, and a comparison in two languages"
	@echo "make tables        csrc/data/filter.inc anew, after a change of rules"
	@echo "make test          everything CI proves; make lint, make bench: a part of it"
	@echo "make test-mta      the filter and the examples inside the programs they are for, as root on Debian"
	@echo "make install       the Lua module and the command line below PREFIX=$(PREFIX)"
	@echo "make install-c     header, libraries and pkg-config file below PREFIX=$(PREFIX)"

# ---- Build ------------------------------------------------------------------------------------------------------------

$(MODULE): $(MODULE_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -shared -o $@ $^ $(LDFLAGS)

build/$(LUA)/replycode/cbor/core.so: $(CODEC:csrc/%.c=build/$(LUA)/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -shared -o $@ $^ $(LDFLAGS) $(CBOR_LIBS)

build/$(LUA)/%.o: csrc/%.c $(HEADERS) $(DATA)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -DREPLYCODE_HIDDEN $(if $(findstring lua_,$*),$(LUA_CFLAGS)) -c -o $@ $<

# Programs from the tree, with the interpreter they were built for.
$(COMMAND) $(FILTER): Makefile
	@mkdir -p $(@D)
	@printf '%s\n' '#!/bin/sh' 'LUA_PATH="$(CURDIR)/lua/?.lua;$${LUA_PATH:-;}" \' \
	  'LUA_CPATH="$(CURDIR)/build/$(LUA)/?.so;$${LUA_CPATH:-;}" \' \
	  'exec $(PROGRAM) "$(CURDIR)/lua/bin/$(@F)" "$$@"' > $@
	@chmod +x $@

env: $(MODULE) $(CODED) $(COMMAND) $(FILTER)
	@echo 'export LUA_PATH="$(CURDIR)/lua/?.lua;$${LUA_PATH:-;}"'
	@echo 'export LUA_CPATH="$(CURDIR)/build/$(LUA)/?.so;$${LUA_CPATH:-;}"'
	@echo 'export PATH="$(CURDIR)/build/$(LUA)/bin:$$PATH"'

library: build/libreplycode.a build/$(SONAME) build/replycode.pc $(if $(CBOR),cbor-library)

.PHONY: cbor-library
cbor-library: build/libreplycode-cbor.a build/$(CBOR_SONAME) build/replycode-cbor.pc

build/core/%.o: csrc/%.c $(HEADERS) $(DATA)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -Icsrc -c -o $@ $<

build/libreplycode.a: $(CORE_OBJECTS)
	$(AR) rcs $@ $^

build/$(SONAME): $(CORE_OBJECTS)
	$(CC) $(CFLAGS) -shared -Wl,-soname,$(SONAME) -o $@ $^ $(LDFLAGS)

build/libreplycode-cbor.a: $(CBOR_OBJECTS)
	$(AR) rcs $@ $^

build/$(CBOR_SONAME): $(CBOR_OBJECTS) build/$(SONAME)
	$(CC) $(CFLAGS) -shared -Wl,-soname,$(CBOR_SONAME) -o $@ $^ $(LDFLAGS) $(CBOR_LIBS)

# They depend on PREFIX, which make cannot see change.
.PHONY: build/replycode.pc build/replycode-cbor.pc
build/replycode-cbor.pc:
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' 'Name: replycode-cbor' \
	  'Description: SMTP replies and verdicts as CBOR' 'Version: $(VERSION)' 'Requires: replycode' \
	  'Requires.private: libcbor' 'Libs: -L$${libdir} -lreplycode-cbor' 'Libs.private: $(CBOR_LIBS)' \
	  'Cflags: -I$${includedir}' > $@

build/replycode.pc:
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' 'Name: replycode' \
	  'Description: What an SMTP reply means' 'Version: $(VERSION)' 'Libs: -L$${libdir} -lreplycode' \
	  'Cflags: -I$${includedir}' > $@

# The rows that read text as an image, written by a program of the same compiler. Run it after a change of these rows.
TABLES := csrc/compile.c csrc/layout.c csrc/fault.c csrc/index.c csrc/pattern.c csrc/fold.c csrc/condition.c csrc/slug.c
tables:
	@mkdir -p build
	$(CC) -std=c99 -O1 -Icsrc -o build/tables spec/tools/tables.c $(TABLES)
	build/tables > build/filter.inc
	mv build/filter.inc csrc/data/filter.inc

# ---- Install ----------------------------------------------------------------------------------------------------------

install: $(MODULE) $(CODED)
	install -d $(DESTDIR)$(LUA_LIBDIR)/replycode/cbor $(DESTDIR)$(LUA_DATADIR)/replycode/cli
	install -d $(DESTDIR)$(LUA_DATADIR)/replycode/session
	install -d $(DESTDIR)$(LUA_DATADIR)/replycode/opensmtpd $(DESTDIR)$(LUA_DATADIR)/replycode/filter
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 755 $(MODULE) $(DESTDIR)$(LUA_LIBDIR)/replycode/core.so
	[ -z "$(CODED)" ] || install -m 755 $(CODED) $(DESTDIR)$(LUA_LIBDIR)/replycode/cbor/core.so
	install -m 644 lua/replycode.lua $(DESTDIR)$(LUA_DATADIR)/replycode.lua
	install -m 644 lua/replycode/*.lua $(DESTDIR)$(LUA_DATADIR)/replycode/
	install -m 644 lua/replycode/cli/*.lua $(DESTDIR)$(LUA_DATADIR)/replycode/cli/
	install -m 644 lua/replycode/session/*.lua $(DESTDIR)$(LUA_DATADIR)/replycode/session/
	install -m 644 lua/replycode/opensmtpd/*.lua $(DESTDIR)$(LUA_DATADIR)/replycode/opensmtpd/
	install -m 644 lua/replycode/filter/*.lua $(DESTDIR)$(LUA_DATADIR)/replycode/filter/
	for name in replycode filter-replycode; do \
	  printf '%s\n' '#!/usr/bin/env $(PROGRAM)' 'package.path = "$(LUA_DATADIR)/?.lua;" .. package.path' \
	    'package.cpath = "$(LUA_LIBDIR)/?.so;" .. package.cpath' > "$(DESTDIR)$(PREFIX)/bin/$$name" && \
	  sed 1d "lua/bin/$$name" >> "$(DESTDIR)$(PREFIX)/bin/$$name" && \
	  chmod 755 "$(DESTDIR)$(PREFIX)/bin/$$name" || exit 1; \
	done
	install -m 644 lua/bin/replycode.1 $(DESTDIR)$(PREFIX)/share/man/man1/replycode.1
	install -m 644 lua/bin/filter-replycode.8 $(DESTDIR)$(PREFIX)/share/man/man8/filter-replycode.8

install-c: library
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 644 csrc/replycode.h $(DESTDIR)$(PREFIX)/include/replycode.h
	install -m 644 build/libreplycode.a $(DESTDIR)$(PREFIX)/lib/libreplycode.a
	install -m 755 build/$(SONAME) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libreplycode.so
	install -m 644 build/replycode.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/replycode.pc
	[ -z "$(CBOR)" ] || $(MAKE) -s install-cbor

.PHONY: install-cbor
install-cbor: cbor-library
	install -m 644 csrc/replycode_cbor.h $(DESTDIR)$(PREFIX)/include/replycode_cbor.h
	install -m 644 build/libreplycode-cbor.a $(DESTDIR)$(PREFIX)/lib/libreplycode-cbor.a
	install -m 755 build/$(CBOR_SONAME) $(DESTDIR)$(PREFIX)/lib/$(CBOR_SONAME)
	ln -sf $(CBOR_SONAME) $(DESTDIR)$(PREFIX)/lib/libreplycode-cbor.so
	install -m 644 build/replycode-cbor.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/replycode-cbor.pc

# ---- Prove ------------------------------------------------------------------------------------------------------------

deps:
	@sh spec/tools/deps.sh

demo:
	@sh spec/tools/deps.sh demo
	@$(MAKE) -s all
	@sh spec/examples/demo.sh $(COMMAND)

test: deps
	@sh spec/tools/test.sh

# With real mail servers. What needs root or a package says that it was skipped.
test-mta: all
	@[ "$$(id -u)" -ne 0 ] || sh spec/tools/deps.sh mta
	@sh spec/mta/opensmtpd.sh
	@sh spec/mta/hosts.sh
	@sh spec/mta/proxy.sh

lint:
	@sh spec/tools/lint.sh

bench: deps
	@$(MAKE) -s all
	@sh spec/bench/run.sh

clean:
	rm -rf build replycode csrc/*.o
