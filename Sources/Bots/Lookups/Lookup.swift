import Foundation
import HTTPClient

/// One question to a service that answers in JSON.
struct Lookup: Sendable {
    let http: HTTPClient

    func get<Value: Decodable>(
        _ type: Value.Type,
        _ address: String,
        _ path: String,
        _ query: [(String, String)]
    ) async throws(LookupError) -> Value {
        let pairs = query.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        return try await send(type, HTTPRequest(.get, try Self.base(address) + path + "?" + pairs))
    }

    func post<Value: Decodable>(
        _ type: Value.Type,
        _ address: String,
        _ path: String,
        _ body: some Encodable
    ) async throws(LookupError) -> Value {
        guard let bytes = try? JSONEncoder().encode(body) else { throw .unavailable }
        let headers = [HTTPHeader("Content-Type", "application/json")]
        return try await send(
            type,
            HTTPRequest(.post, try Self.base(address) + path, headers: headers, body: Array(bytes))
        )
    }

    private func send<Value: Decodable>(_ type: Value.Type, _ request: HTTPRequest) async throws(LookupError) -> Value {
        var request = request
        request.timeout = .seconds(15)
        request.responseLimit = 256 << 10
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw error == .cancelled ? .cancelled : .unavailable
        }
        guard response.status != 404, response.status != 400, response.status != 422 else { throw .notFound("") }
        guard (200..<300).contains(response.status),
            let value = try? JSONDecoder().decode(type, from: Data(response.body))
        else { throw .unavailable }
        return value
    }

    private static func base(_ address: String) throws(LookupError) -> String {
        guard !address.isEmpty else { throw .notConfigured }
        return address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
