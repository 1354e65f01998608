internal import HTTPTypes
internal import Hummingbird

/// One address with one method, who may use it, and who answers there.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// Hummingbird's form: `/docs/{slug}`.
    let path: String
    let access: Access
    /// The longest form that is read; see ``Gate``.
    let formLimit: Int
    /// Whether it changes something; what a cookie alone cannot ask for.
    let isWrite: Bool
    /// The longest body of a call that is done once for each `Idempotency-Key`; nil where the field is not looked at.
    let keyedLimit: Int?
    let handler: @Sendable (Request, WebContext) async throws -> Response
    /// The longest file that may come with the form; nil where none may.
    private(set) var uploadLimit: Int?

    static let standardFormLimit = 64 * 1024
    /// What calls of the API take unless they say otherwise.
    static let standardBodyLimit = 64 * 1024

    static func get(
        _ path: String,
        _ access: Access,
        isWrite: Bool = false,
        _ handler: @escaping @Sendable (Request, WebContext) async throws -> Response
    ) -> Route {
        Route(
            method: .get,
            path: path,
            access: access,
            formLimit: standardFormLimit,
            isWrite: isWrite,
            keyedLimit: nil,
            handler: handler
        )
    }

    static func post(
        _ path: String,
        _ access: Access,
        formLimit: Int = standardFormLimit,
        keyedLimit: Int? = nil,
        _ handler: @escaping @Sendable (Request, WebContext) async throws -> Response
    ) -> Route {
        Route(
            method: .post,
            path: path,
            access: access,
            formLimit: formLimit,
            isWrite: true,
            keyedLimit: keyedLimit,
            handler: handler
        )
    }

    static func patch(
        _ path: String,
        _ access: Access,
        _ handler: @escaping @Sendable (Request, WebContext) async throws -> Response
    ) -> Route {
        Route(
            method: .patch,
            path: path,
            access: access,
            formLimit: standardFormLimit,
            isWrite: true,
            keyedLimit: nil,
            handler: handler
        )
    }

    static func put(
        _ path: String,
        _ access: Access,
        _ handler: @escaping @Sendable (Request, WebContext) async throws -> Response
    ) -> Route {
        Route(
            method: .put,
            path: path,
            access: access,
            formLimit: standardFormLimit,
            isWrite: true,
            keyedLimit: nil,
            handler: handler
        )
    }

    static func delete(
        _ path: String,
        _ access: Access,
        _ handler: @escaping @Sendable (Request, WebContext) async throws -> Response
    ) -> Route {
        Route(
            method: .delete,
            path: path,
            access: access,
            formLimit: standardFormLimit,
            isWrite: true,
            keyedLimit: nil,
            handler: handler
        )
    }

    /// The same route, whose form may bring a file.
    func taking(uploadsUpTo limit: Int) -> Route {
        var route = self
        route.uploadLimit = limit
        return route
    }

    /// Whether programs ask here, who get JSON, and not people, who get pages.
    var isForMachines: Bool { Self.isForMachines(path) }

    static func isForMachines(_ path: String) -> Bool {
        path.hasPrefix("/api/") || ["/ws", "/health", "/ready", "/metrics"].contains(path)
    }
}

/// Tells which methods an address takes, for the answers 405 and to OPTIONS.
struct RouteTable: Sendable {
    private let entries: [(segments: [Substring], method: HTTPRequest.Method)]

    init(_ routes: [Route]) {
        entries = routes.map { ($0.path.split(separator: "/"), $0.method) }
    }

    /// Empty when there is nothing at the address.
    func methods(at path: String) -> [HTTPRequest.Method] {
        let segments = path.split(separator: "/")
        let matching = entries.filter { Self.matches($0.segments, segments) }
        // The router follows the most exact pattern alone, and so does what we tell.
        let fewest = matching.map { Self.captures($0.segments) }.min()
        var methods: [HTTPRequest.Method] = []
        for entry in matching where Self.captures(entry.segments) == fewest && !methods.contains(entry.method) {
            methods.append(entry.method)
            if entry.method == .get { methods.append(.head) }
        }
        return methods.isEmpty ? [] : methods + [.options]
    }

    private static func captures(_ pattern: [Substring]) -> Int {
        pattern.count { $0.hasPrefix("{") || $0 == "**" }
    }

    private static func matches(_ pattern: [Substring], _ path: [Substring]) -> Bool {
        if pattern.last == "**" {
            return path.count >= pattern.count && zip(pattern.dropLast(), path).allSatisfy { $0.0 == $0.1 }
        }
        return pattern.count == path.count
            && zip(pattern, path).allSatisfy { $0.0.hasPrefix("{") || $0.0 == $0.1 }
    }
}
