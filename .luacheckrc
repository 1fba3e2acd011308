std = "min"
max_line_length = 125
exclude_files = { "build" }
files["spec/**/*_spec.lua"] = { std = "min+busted" }
files["rockspec"] = { std = "rockspec" }
