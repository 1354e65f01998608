import Foundation

/// A WebSocket client that can also break the rules.
final class BrowserClient {
    struct Frame: Equatable {
        let opcode: UInt8
        let payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close frame.
        var closeCode: Int? {
            opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
        }
    }

    let connection: RawConnection
    let reply: WebReply

    /// Shakes hands; `reply` tells how it went.
    init(_ site: TestSite, fields: [String: String] = [:], autoRead: Bool = true) async throws {
        connection = try await RawConnection(port: site.port)
        var all = [
            "Host": "127.0.0.1:\(site.port)", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        all.merge(fields) { $1 }
        let lines = all.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.joined()
        try await connection.write("GET /ws HTTP/1.1\r\n\(lines)\r\n")
        reply = try await WebReply.read(from: connection)
    }

    func send(_ text: String) async throws {
        try await sendFrame(opcode: 1, Array(text.utf8))
    }

    func sendFrame(
        opcode: UInt8,
        _ payload: [UInt8],
        isFinal: Bool = true,
        isMasked: Bool = true,
        reserved: UInt8 = 0
    ) async throws {
        try await connection.write(
            Self.frame(opcode: opcode, payload, isFinal: isFinal, isMasked: isMasked, reserved: reserved)
        )
    }

    static func frame(
        opcode: UInt8,
        _ payload: [UInt8],
        isFinal: Bool = true,
        isMasked: Bool = true,
        reserved: UInt8 = 0
    ) -> [UInt8] {
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | reserved | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ..<126: frame.append(mask | UInt8(payload.count))
        case ..<65536: frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default: frame += [mask | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        guard isMasked else { return frame + payload }
        let key: [UInt8] = [1, 2, 3, 4]
        return frame + key + payload.enumerated().map { $0.element ^ key[$0.offset % 4] }
    }

    func receive() async throws -> Frame {
        let head = try await connection.read(2)
        var length = Int(head[1] & 0x7f)
        if length == 126 {
            length = try await connection.read(2).reduce(0) { $0 << 8 | Int($1) }
        } else if length == 127 {
            length = try await connection.read(8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(opcode: head[0] & 0x0f, payload: try await connection.read(length))
    }

    /// The next text as JSON; pings in between are answered.
    func receiveJSON() async throws -> [String: Any] {
        while true {
            let frame = try await receive()
            if frame.opcode == 9 { try await sendFrame(opcode: 10, frame.payload) }
            guard frame.opcode == 1 else { continue }
            return try JSONSerialization.jsonObject(with: Data(frame.payload)) as? [String: Any] ?? [:]
        }
    }

    /// The data of the next event of this name.
    func event(_ name: String) async throws -> [String: Any] {
        while true {
            let message = try await receiveJSON()
            if message["event"] as? String == name { return message["data"] as? [String: Any] ?? [:] }
            let problem = message["error"] ?? (message["event"] as? String == "error" ? message["data"] : nil)
            if let problem = problem as? [String: Any] { throw SocketRefused(code: problem["code"] as? String) }
        }
    }

    func errorCode() async throws -> String? {
        (try await receiveJSON()["error"] as? [String: Any])?["code"] as? String
    }

    /// Reads to the close frame and returns its code.
    func closeCode() async throws -> Int? {
        while true {
            let frame = try await receive()
            if frame.opcode == 8 { return frame.closeCode }
        }
    }
}

struct SocketRefused: Error {
    let code: String?
}
