-- replycode.h says that plain declarations stand between its two marks: LuaJIT reads them, and calls the library by them.

local has_ffi, ffi = pcall(require, "ffi")

local function declarations()
  local file = assert(io.open("csrc/replycode.h", "rb"))
  local header = file:read("*a")
  file:close()
  return assert(header:match("/%* declarations begin %*/(.-)/%* declarations end %*/"))
end

describe("replycode.h", function()
  it("has no preprocessor line between the marks", function()
    assert.is_nil(declarations():match("\n%s*#"))
  end)

  if has_ffi and rawget(_G, "jit") then
    it("is read by ffi.cdef, and the shared library answers", function()
      assert.equal(0, os.execute("make -s library"))
      ffi.cdef((declarations()))
      local library = ffi.load("./build/libreplycode.so.0")
      local reply = ffi.new("struct replycode_reply")
      assert.equal(19, tonumber(library.replycode_parse("550 5.1.1 no such\r\n250", 22, 1, reply)))
      assert.equal(550, reply.code)
      assert.equal(48, ffi.sizeof(reply))
      local verdict = ffi.new("struct replycode_verdict")
      local context = ffi.new("struct replycode_context", { ffi.C.REPLYCODE_RCPT, 0 })
      library.replycode_classify(reply, context, verdict)
      assert.equal("drop_recipient", ffi.string(library.replycode_slug(ffi.C.REPLYCODE_KIND_ACTION, verdict.action)))
    end)
  end
end)
