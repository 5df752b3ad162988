// What runs in a container of the kernel tier: the standard library alone, so that it is built from nothing but this.
module probe

go 1.21
