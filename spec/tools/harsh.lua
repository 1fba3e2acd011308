-- Loaded before the suite: the collector at its harshest, so that a value the binding forgot to hold is gone at once.
collectgarbage("setpause", 1)
collectgarbage("setstepmul", 10000)
