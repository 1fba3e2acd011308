--- What the command line says itself, in English and Turkish. Entries come from the catalogue.

local words = {}

local labels = {
  -- headings
  description     = { "Description", "Açıklama" },
  when            = { "When you see it", "Gördüğünüzde" },
  remedy          = { "How to fix", "Nasıl Düzeltilir" },
  difference      = { "Key differences", "Temel Farklar" },
  which           = { "Which to use when", "Hangisini Ne Zaman Kullanmalı" },
  references      = { "Learn more", "Daha Fazla Öğren" },
  verdict         = { "Verdict", "Sonuç" },
  elsewhere       = { "What other programs call it", "Başka Programlardaki Adı" },

  -- a comparison
  equal           = { "the same", "aynı" },

  -- an entry
  server_side     = { "On the receiving server: %s", "Alıcı sunucuda: %s" },
  send_when       = { "When to send it: %s", "Ne zaman gönderilir: %s" },
  stages          = { "Stages: %s", "Aşamalar: %s" },
  all_stages      = { "all, the greeting included", "hepsi, karşılama dahil" },
  codes           = { "Codes: %s", "Kodlar: %s" },
  classes         = { "Classes: %s", "Sınıflar: %s" },
  nonstandard     = { "Not standard, but seen.", "Standart değil, ama görülür." },
  obsolete        = { "Obsolete.", "Kullanımdan kalkmış." },
  inexact         = { "A guess: %s has no row of its own; the nearest general one answers.",
                      "Tahmindir: %s için ayrı bir satır yok, en yakın genel satır gösteriliyor." },
  pattern         = { "Text", "Metin" },
  example         = { "Example", "Örnek" },
  help            = { "Help: %s", "Yardım: %s" },
  confirmed       = { "Last confirmed", "Son doğrulama" },
  lists           = { "Lists", "Listeledikleri" },
  lists_ip        = { "IP addresses", "IP adresleri" },
  lists_domain    = { "domains", "alan adları" },
  lists_url       = { "links", "bağlantılar" },
  zone            = { "DNS zone", "DNS bölgesi" },
  closed          = { "This list is closed: servers should not ask it any more.",
                      "Bu liste kapandı: sunucular artık bu listeyi sorgulamamalıdır." },
  guess           = { "Dots may be lost: %s", "Noktaları düşmüş olabilir: %s" },

  -- a verdict
  transience      = { "Transience", "Geçicilik" },
  cause           = { "Cause", "Neden" },
  scope           = { "Scope", "Kapsam" },
  action          = { "Action", "Yapılacak" },
  settles         = { "Settles", "Kesinleşen" },
  no_stage        = { "not known without --stage", "--stage olmadan bilinemez" },
  nothing         = { "nothing, the mail stays queued", "hiçbir şey, ileti kuyrukta kalır" },
  yes             = { "yes", "evet" },
  closes          = { "Closes", "Kapanır" },
  closing         = { "Nothing but QUIT is worth sending", "QUIT dışında bir şey göndermeye değmez" },
  waiting         = { "Waiting", "Beklemek" },
  helps           = { "It may pass by itself", "Kendiliğinden geçebilir" },
  useless         = { "It will not pass by itself", "Kendiliğinden geçmez" },
  basis           = { "Decided by", "Belirleyen" },
  also            = { "Also", "Ayrıca" },
  provider        = { "Provider", "Sağlayıcı" },
  blocklist       = { "Blocklist", "Engelleme listesi" },
  retry_after     = { "Retry after", "Yeniden deneme" },
  read_in         = { "%s, read in \"%s\"", "%s, okunan yer: \"%s\"" },
  days            = { "%s d", "%s gün" },
  hours           = { "%s h", "%s sa" },
  minutes         = { "%s min", "%s dk" },
  seconds         = { "%s s", "%s sn" },
  without_text    = { "Without text", "Metin olmadan" },
  code_alone      = { "Code alone", "Yalnız kod" },
  malformed       = { "Malformed", "Biçim hatası" },
  oddity          = { "Oddity", "Aykırılık" },
  stage           = { "Stage", "Aşama" },
  cut_off         = { "More lines were to follow; judged as if this were the last.",
                      "Arkasından satır gelecekti; son satır buymuş gibi değerlendirildi." },

  -- the table of `read`
  stage_column    = { "stage", "aşama" },
  code_column     = { "code", "kod" },
  status_column   = { "status", "durum" },
  lasts_column    = { "transience", "geçicilik" },
  cause_column    = { "cause", "neden" },
  action_column   = { "action", "yapılacak" },
  settles_column  = { "settles", "kesinleşen" },

  -- the table of `read --group`
  count_column    = { "count", "adet" },
  template_column = { "template", "kalıp" },

  -- the table of entries in `decode`
  kind_column     = { "kind", "tür" },
  slug_column     = { "slug", "ad" },
  title_column    = { "title", "başlık" },

  -- CBOR
  no_cbor         = { "cannot load replycode.cbor, which needs libcbor: %s",
                      "libcbor gerektiren replycode.cbor yüklenemiyor: %s" },
  to_terminal     = { "CBOR is binary and is not written to a terminal\nRedirect it, or add '| replycode decode'.",
                      "CBOR ikili veridir, terminale yazılmaz\nBir dosyaya yönlendirin ya da sonuna "
                        .. "'| replycode decode' ekleyin." },
  at_byte         = { "%s: %s at byte %s", "%s: %s, bayt %s" },
  newer_format    = { "warning: %s has format %s, newer than this program; fields it does not know are kept",
                      "uyarı: %s dosyasının biçimi (%s) bu programdan yeni; bilinmeyen alanlar korunur" },

  -- `check`
  row             = { "row %s: %s", "satır %s: %s" },
  otherwise       = { "%s: expected %s, got %s; rule %s", "%s: beklenen %s, bulunan %s; kural %s" },
  unused          = { "Rules that never decide", "Hiç Belirleyici Olmayan Kurallar" },
  checked         = { "Samples: %s. Decided otherwise: %s.", "Örnek: %s. Farklı sonuçlanan: %s." },
  checked_rules   = { "Samples: %s. Decided otherwise: %s. Rules that never decide: %s.",
                      "Örnek: %s. Farklı sonuçlanan: %s. Hiç belirleyici olmayan kural: %s." },
  bad_column      = { "unknown column '%s'; expected one of %s", "bilinmeyen sütun '%s'; olabilecekler: %s" },
  twice           = { "column '%s' stands twice", "'%s' sütunu iki kez var" },
  no_reply_column = { "the first line names the columns, one of them 'reply'",
                      "ilk satır sütunların adlarını verir, biri 'reply' olmalıdır" },
  bad_escape      = { "unknown escape '%s'; expected \\r, \\n, \\t, \\\\ or \\xNN",
                      "bilinmeyen kaçış '%s'; olabilecekler: \\r, \\n, \\t, \\\\ veya \\xNN" },
  bad_stage       = { "unknown stage '%s'; see 'replycode list stages'",
                      "bilinmeyen aşama '%s'; bkz. 'replycode list stages'" },
  bad_count       = { "accepted: expected a number, found '%s'", "accepted: sayı bekleniyordu, '%s' bulundu" },
  many_cells      = { "%s cells, but the first line names %s columns", "%s hücre var, ilk satırda ise %s sütun adı" },
  no_reply        = { "no reply", "yanıt yok" },

  -- `advise`
  why_this        = { "Why this reply", "Neden Bu Yanıt" },
  sent_at         = { "Sent at %s: %s.", "Gönderildiği aşama: %s (%s)." },
  not_there       = { "It cannot be told at %s; %s is the nearest stage.",
                      "%s aşamasında söylenemez; en yakın aşama %s." },
  with_utf8       = { "To a client that asked for SMTPUTF8: %s", "SMTPUTF8 isteyen istemciye: %s" },
  no_situation    = { "no situation is called '%s'; 'replycode advise' lists them",
                      "'%s' adında bir durum yok; 'replycode advise' hepsini listeler" },
  -- `lint`
  severity_column = { "severity", "önem" },
  finding_column  = { "finding", "bulgu" },
  place_column    = { "place", "yer" },
  severity_error   = { "error", "hata" },
  severity_warning = { "warning", "uyarı" },
  severity_note    = { "note", "not" },
  linted          = { "Replies: %s. Errors: %s. Warnings: %s. Notes: %s.", "Yanıt: %s. Hata: %s. Uyarı: %s. Not: %s." },

  -- rules from a file
  no_rules        = { "expected to return a list of rules, found %s", "kural listesi döndürmesi bekleniyordu, %s bulundu" },
  mixed_rules     = { "rules beside names; write { rules = { ... }, builtin = ..., text = ... }",
                      "adların yanında kurallar var; { rules = { ... }, builtin = ..., text = ... } yazın" },
  binary_rules    = { "binary Lua; rules are text", "ikili Lua; kurallar metin olmalıdır" },

  -- what `list` knows
  kind_code          = { "Reply codes", "Yanıt kodları" },
  kind_status        = { "Enhanced statuses", "Genişletilmiş durum kodları" },
  kind_cause         = { "Causes", "Nedenler" },
  kind_command_reply = { "Replies to a command", "Komutlara verilen yanıtlar" },
  kind_provider      = { "Providers", "Sağlayıcılar" },
  kind_blocklist     = { "Blocklists", "Engelleme listeleri" },
  kind_rule          = { "Rules that decide", "Belirleyici kurallar" },
  kind_stage         = { "Stages", "Aşamalar" },
  kind_scope         = { "Scopes", "Kapsamlar" },
  kind_situation     = { "Situations to reply to", "Yanıt gerektiren durumlar" },
  kind_action        = { "Actions", "Yapılacaklar" },
  kind_class         = { "Classes of codes", "Kod sınıfları" },
  kind_transience    = { "Transience", "Geçicilik" },
  kind_malformed     = { "Malformed replies", "Biçimi bozuk yanıtlar" },
  kind_oddity        = { "Oddities", "Aykırılıklar" },
  kind_finding       = { "Findings of lint", "Lint bulguları" },

  -- messages
  unknown         = { "nothing is known as '%s'\nGive a code (421), a status (5.7.26), a slug (mailbox_full, see "
                        .. "'replycode list')\nor a reply in quotes (\"550 5.1.1 No such user\").",
                      "'%s' bulunamadı\nKod (421), durum kodu (5.7.26), ad (mailbox_full, bkz. 'replycode list')\n"
                        .. "ya da tırnak içinde yanıt (\"550 5.1.1 No such user\") yazın." },
  not_comparable  = { "'%s' cannot be compared\nGive two codes or statuses, such as 421 or 5.1.1.",
                      "'%s' karşılaştırılamaz\n421 veya 5.1.1 gibi iki kod ya da durum kodu yazın." },
  nothing_listed  = { "nothing matches '%s'\n'replycode list' says what there is.",
                      "'%s' ile eşleşen bir şey yok\nNeler olduğunu görmek için 'replycode list' yazın." },
  no_replies      = { "%s: no replies in it", "%s: içinde yanıt yok" },
  problem         = { "%s", "%s" },
  unreadable      = { "cannot read %s", "okunamıyor: %s" },
  unwritable      = { "cannot write: %s", "yazılamıyor: %s" },
  standard_input  = { "standard input", "standart girdi" },
}

local column = { en = 1, tr = 2 }

--- The words of a language by their key. An unknown key raises: it is a mistake of this program.
function words.of(lang)
  local chosen = {}
  for key, pair in pairs(labels) do chosen[key] = pair[column[lang]] end
  return setmetatable(chosen, { __index = function(_, key) error("no word for " .. tostring(key)) end })
end

return words
