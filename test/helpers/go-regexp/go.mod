module whocan-escalate/go-regexp

go 1.24
