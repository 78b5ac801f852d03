module io.memberlist/interop/control

go 1.25.0
