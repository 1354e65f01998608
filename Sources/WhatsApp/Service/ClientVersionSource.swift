internal import Foundation
package import HTTPClient
package import Logging
internal import Synchronization

/// The client version to use now: as configured, or the newest that the service's web page was seen to name.
package final class ClientVersionSource: Sendable {
    /// The page that names the version, as `"client_revision":N`.
    static let page = "https://web.whatsapp.com/sw.js"
    private static let pageLimit = 4 << 20
    /// The page is meant for browsers and turns others away.
    private static let userAgent =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
    private static let maximumAge: TimeInterval = 24 * 60 * 60

    private struct State {
        var version: ClientVersion
        var refreshedAt: Date?
    }

    private let state: Mutex<State>
    private let isPinned: Bool
    private let file: String?
    private let client: HTTPClient?
    private let logger: Logger

    /// A version that never changes.
    package init(pinned version: ClientVersion, logger: Logger) {
        state = Mutex(State(version: version))
        isPinned = true
        file = nil
        client = nil
        self.logger = logger
    }

    /// The last good version of `file`, or the built-in one, refreshed when asked.
    package init(rememberedIn file: String, client: HTTPClient, logger: Logger) {
        var version = ClientVersion.builtIn
        var refreshedAt: Date?
        if let text = try? String(contentsOfFile: file, encoding: .utf8),
            let remembered = ClientVersion(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            remembered.tertiary >= version.tertiary
        {
            version = remembered
            refreshedAt = (try? FileManager.default.attributesOfItem(atPath: file))?[.modificationDate] as? Date
        }
        state = Mutex(State(version: version, refreshedAt: refreshedAt))
        isPinned = false
        self.file = file
        self.client = client
        self.logger = logger
    }

    package var current: ClientVersion {
        state.withLock { $0.version }
    }

    /// Asks the page if the last answer is older than a day.
    package func refreshIfStale() async {
        let isFresh = state.withLock { state in
            state.refreshedAt.map { Date().timeIntervalSince($0) < Self.maximumAge } ?? false
        }
        if !isFresh { await refresh() }
    }

    /// Asks the page now; keeps what it has when there is no good answer.
    ///
    /// Returns whether the version changed.
    @discardableResult
    package func refresh() async -> Bool {
        guard !isPinned, let client else { return false }
        do {
            var request = HTTPRequest(
                .get,
                Self.page,
                headers: [
                    HTTPHeader("sec-fetch-site", "none"),
                    HTTPHeader("user-agent", Self.userAgent),
                ]
            )
            request.timeout = .seconds(10)
            request.responseLimit = Self.pageLimit
            let response = try await client.send(request)
            guard response.status == 200, let version = Self.version(in: response.body) else {
                logger.warning("The service's page names no client version", metadata: ["status": "\(response.status)"])
                return false
            }
            return remember(version)
        } catch {
            logger.info("The service's page cannot be reached", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func remember(_ version: ClientVersion) -> Bool {
        let isNew = state.withLock { state in
            state.refreshedAt = Date()
            defer { state.version = version }
            return state.version != version
        }
        if let file {
            do {
                try Data("\(version)\n".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                logger.warning("The client version cannot be kept", metadata: ["error": "\(error)"])
            }
        }
        return isNew
    }

    /// Finds `"client_revision":N`, its quotes perhaps escaped.
    static func version(in page: [UInt8]) -> ClientVersion? {
        let mark = Array("client_revision".utf8)
        guard let start = page.firstRange(of: mark)?.upperBound else { return nil }
        let digits = page[start...].prefix(64)
            .drop { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ":") || $0 == 0x20 }
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = UInt32(String(decoding: digits, as: UTF8.self)), number > 1_000_000_000 else { return nil }
        return ClientVersion(primary: 2, secondary: 3000, tertiary: number)
    }
}
