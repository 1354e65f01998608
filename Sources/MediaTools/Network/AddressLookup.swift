internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The addresses of a host, by the system's resolver on a thread of its own pool.
enum AddressLookup {
    static func addresses(of host: String, port: Int) async -> [SocketAddress] {
        if let address = try? SocketAddress(ipAddress: host, port: port) { return [address] }
        return (try? await NIOThreadPool.singleton.runIfActive { look(up: host, port) }) ?? []
    }

    private static func look(up host: String, _ port: Int) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [SocketAddress] = []
        var next = first
        while let entry = next, found.count < 16 {
            if let address = address(entry.pointee, port) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo, _ port: Int) -> SocketAddress? {
        var text = [CChar](repeating: 0, count: 1_025)
        let length = socklen_t(text.count)
        guard getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return try? SocketAddress(ipAddress: String(decoding: bytes, as: UTF8.self), port: port)
    }
}
