-- Who speaks: providers and blocklists. What the catalogue does not tell, hosts and whose row it is, is read from the data;
-- that no row holds without what only its provider writes is proven in spec/c/provider_test.c.

local replycode = require "replycode"
local read_file = require "spec.tools.read_file"

local function data_of(path) return read_file("csrc/data/" .. path) end

-- Every "WORD(NAME, rest" at the beginning of a line, in the order of the data.
local function rows_of(bytes, word)
  local rows = {}
  for name, rest in ("\n" .. bytes):gmatch("\n" .. word .. "%((%w[%w_]*), ([^\n]*)") do
    rows[#rows + 1] = { name = name, rest = rest }
  end
  return rows
end

local function providers_data()
  local parts = {}
  for path in data_of("providers.def"):gmatch '#include "([^"]+)"' do parts[#parts + 1] = data_of(path) end
  return table.concat(parts, "\n")
end

local function slugs_of(rows)
  local slugs = {}
  for _, row in ipairs(rows) do slugs[row.name] = row.rest:match "^([%w_]+)" end
  return slugs
end

local function entries_of(kind)
  local list = {}
  for entry in replycode.entries(kind) do list[#list + 1] = entry end
  return list
end

local function examples_of(prefix)
  local examples = {}
  for _, entry in ipairs(entries_of "rule") do
    if entry.slug:find(prefix, 1, true) == 1 then examples[entry.slug:sub(#prefix + 1)] = entry.example end
  end
  return examples
end

local providers = providers_data()
local provider_slugs = slugs_of(rows_of(providers, "PROVIDER"))

-- NAME -> the host suffixes of that provider.
local function hosts_of()
  local hosts = {}
  for _, row in ipairs(rows_of(providers, "HOST")) do
    hosts[row.name] = hosts[row.name] or {}
    table.insert(hosts[row.name], row.rest:match '"([^"]+)"')
  end
  return hosts
end

local hosts = hosts_of()

-- "transience cause scope action provider blocklist"; as many words as are expected.
local function said(verdict, expected)
  local words = { verdict.transience, verdict.cause, verdict.scope, verdict.action, verdict.provider or "-",
    verdict.blocklist or "-" }
  local count = select(2, expected:gsub("%S+", ""))
  return table.concat(words, " ", 1, count)
end

-- Rows of { reply, expected, stage }.
local function mean(rows)
  for _, row in ipairs(rows) do
    assert.equal(row[2], said(replycode.classify(row[1], row[3]), row[2]), row[1])
  end
end

-- ---- Providers -------------------------------------------------------------------------------------------------------

describe("every provider", function()
  it("is known by a host or a mark", function()
    for name, slug in pairs(provider_slugs) do
      assert.truthy(hosts[name] or providers:find("\nMARK(" .. name .. ",", 1, true), slug)
    end
  end)

  -- Free's page is served without TLS alone.
  local plain = { free = true }

  it("has a help page to be read safely, and the month it was confirmed", function()
    for _, entry in ipairs(entries_of "provider") do
      local pattern = plain[entry.slug] and "^http://" or "^https://"
      assert.truthy(entry.help:find(pattern .. "[%w.-]+/?"), entry.slug .. ": " .. entry.help)
      assert.truthy(entry.confirmed:find "^20%d%d%-[01]%d$", entry.slug .. ": " .. entry.confirmed)
    end
  end)

  it("is told by the name of its host, below each suffix, in any case, with a dot behind", function()
    for name, suffixes in pairs(hosts) do
      for _, suffix in ipairs(suffixes) do
        for _, host in ipairs { suffix, "mx1." .. suffix, ("mx1." .. suffix):upper(), "mx1." .. suffix .. "." } do
          local verdict = replycode.classify("450 4.0.0 No", { stage = "rcpt", host = host })
          assert.equal(provider_slugs[name], verdict.provider, host)
        end
      end
    end
  end)

  it("is not told by a host that only ends in the same letters", function()
    for _, suffixes in pairs(hosts) do
      for _, suffix in ipairs(suffixes) do
        assert.is_nil(replycode.classify("450 4.0.0 No", { host = "not" .. suffix }).provider, suffix)
      end
    end
  end)
end)

describe("every row of a provider", function()
  it("names its provider, at a host of it too", function()
    local examples, count = examples_of "provider/", 0
    for _, word in ipairs { "PROVIDER_REPLY", "PROVIDER_SELF" } do
      for _, row in ipairs(rows_of(providers, word)) do
        local slug = row.rest:match "^([%w_]+)"
        local host = hosts[row.name] and "mx1." .. hosts[row.name][1]
        assert.equal(provider_slugs[row.name], replycode.classify(examples[slug], { host = host }).provider, slug)
        count = count + 1
      end
    end
    assert.is_true(count > 600)
  end)
end)

describe("a mark that another provider's host contradicts", function()
  it("wins: hosts of one provider carry the replies of another", function()
    local verdict = replycode.classify("550 5.1.1 No such user https://support.google.com/mail/?p=NoSuchUser - gsmtp",
      { stage = "rcpt", host = "mx1.mimecast.com" })
    assert.equal("google", verdict.provider)
  end)
end)

-- ---- What they mean --------------------------------------------------------------------------------------------------

describe("the private meaning", function()
  it("of Microsoft's 5.4.1 Access denied is an unknown recipient", function()
    mean {
      { "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)" ..
        " [DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com]",
        "permanent recipient_unknown recipient drop_recipient exchange", "rcpt" },
      { "550 5.4.1 Recipient address rejected: Access denied",
        "permanent recipient_unknown recipient drop_recipient exchange", "rcpt" } }
  end)

  it("of Yahoo's 554 5.7.9 is failed authentication, at Yahoo alone", function()
    local policy = "554 5.7.9 Message not accepted for policy reasons."
    mean { { policy .. " See https://postmaster.yahooinc.com/error-codes",
      "permanent domain_auth_failed sender_domain fix_sender yahoo", "content" } }
    assert.equal("yahoo", replycode.classify(policy, { host = "mta7.am0.yahoodns.net" }).provider)
    assert.equal("domain_auth_failed", replycode.classify(policy, { host = "mta7.am0.yahoodns.net" }).cause)
    assert.is_nil(replycode.classify(policy).provider)
  end)

  it("of Mimecast's security policies is spam, where Mimecast is named", function()
    local rejected = "554 Email rejected due to security policies"
    mean { { rejected .. " - https://community.mimecast.com/docs/DOC-1369#554 [AbCdEfGh.uk77]",
      "permanent content_spam message fix_message mimecast", "content" } }
    assert.equal("content_spam", replycode.classify(rejected, { host = "eu-smtp-inbound-1.mimecast.com" }).cause)
  end)

  it("of Microsoft's 4.7.650 and Yahoo's TSS04 is a rate", function()
    mean {
      { "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP" ..
        " reputation. For e-mail delivery information, see https://postmaster.live.com (S775)" ..
        " [VE1EUR03FT034.eop-EUR03.prod.protection.outlook.com]",
        "transient rate_limited client retry outlook", "mail" },
      { "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints -" ..
        " 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
        "transient rate_limited client reconnect yahoo", "mail" } }
  end)

  it("of Gmail's low reputation is a blocked IP address or a blocked domain", function()
    local reply = "550-5.7.1 [192.0.2.7] Gmail has detected that this message is likely suspicious due\r\n" ..
      "550-5.7.1 to the very low reputation of the sending %s. To best protect our\r\n" ..
      "550-5.7.1 users from spam, the message has been blocked. Please visit\r\n" ..
      "550 5.7.1 https://support.google.com/mail/answer/188131 for more information. - gsmtp"
    mean {
      { reply:format "IP address", "permanent ip_blocked client fix_client google", "content" },
      { reply:format "domain", "permanent domain_blocked sender_domain fix_sender google", "content" } }
  end)

  it("of Outlook.com is not that of Exchange, though they share hosts", function()
    mean {
      { "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)." ..
        " [BN8NAM11FT041.eop-nam11.prod.protection.outlook.com]",
        "permanent recipient_unknown recipient drop_recipient outlook", "rcpt" },
      { "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)" ..
        " [BN8NAM11FT041.eop-nam11.prod.protection.outlook.com]", "transient rate_limited client retry outlook", "rcpt" } }
  end)

  it("of a bare word and code names nobody", function()
    for _, reply in ipairs { "554 5.6.4 Virus", "451 4.7.1 Server busy", "421 Too many concurrent connections (G2)",
      "554 5.5.5 Spam rejected", "552 5.5.2 Message size", "542 a@example.com Rejected", "422 License expired",
      "550 rejecting banned content", "451 4.4.2 Timeout waiting for data from client.", "421 4.4.1 Network is busy",
      "550 5.1.1 User unknown", "554 5.7.9 Message not accepted for policy reasons." } do
      assert.is_nil(replycode.classify(reply).provider, reply)
    end
  end)
end)

-- ---- Blocklists ------------------------------------------------------------------------------------------------------

describe("every blocklist", function()
  local data = data_of "blocklists.def"
  local slugs = slugs_of(rows_of(data, "BLOCKLIST"))

  it("is named where a reply names it, and decides", function()
    local examples, count = examples_of "blocklist/", 0
    for _, row in ipairs(rows_of(data, "LISTED")) do
      local slug = row.rest:match "^([%w_]+)"
      local verdict = replycode.classify(examples[slug])
      assert.equal("blocklist/" .. slug, verdict.rule)
      assert.equal(slugs[row.name], verdict.blocklist, slug)
      count = count + 1
    end
    assert.is_true(count >= 70)
  end)

  it("has a page, and says what it lists", function()
    for _, entry in ipairs(entries_of "blocklist") do
      assert.truthy(entry.help:find "^https?://", entry.slug)
      assert.is_true(#entry.lists > 0, entry.slug)
    end
  end)

  it("that is open to be asked has a page to be read safely, those apart that have none", function()
    local plain = { hostkarma = true, truncate = true, interserver = true }
    for _, entry in ipairs(entries_of "blocklist") do
      local safe = entry.closed or plain[entry.slug] or entry.help:find "^https://"
      assert.truthy(safe, entry.slug .. ": " .. entry.help)
    end
  end)
end)

describe("a link in the message on a list", function()
  it("concerns the message, not the sender", function()
    mean {
      { "554 5.7.1 Message contains a URL listed in multi.surbl.org",
        "permanent domain_blocked message fix_message - surbl", "content" },
      { "550 5.7.1 Message rejected: it contains a link to example.com, listed at SURBL",
        "permanent domain_blocked message fix_message - surbl", "content" },
      { "550 5.7.1 URL in message body is listed on black.uribl.com",
        "permanent domain_blocked message fix_message - uribl", "content" },
      { "550 5.7.1 A URL in this email (example.com) is listed on dbl.spamhaus.org",
        "permanent domain_blocked message fix_message - spamhaus_dbl", "content" } }
  end)

  it("but a listed sender domain concerns the sender", function()
    mean {
      { "550 5.7.1 <a@example.com>: Sender address rejected: domain example.com is listed in dbl.spamhaus.org",
        "permanent domain_blocked sender_domain fix_sender - spamhaus_dbl", "mail" },
      { "554 5.7.1 Service unavailable; Sender address [a@example.com] blocked using dbl.spamhaus.org",
        "permanent domain_blocked sender_domain fix_sender - spamhaus_dbl", "rcpt" } }
  end)
end)
