import Foundation
import HTTPClient
import Logging
import Settings
import WhatsApp

/// The service that a command links to: the real one, or a sandbox that runs somewhere.
struct RemoteService {
    let service: WhatsAppService
    let versions: ClientVersionSource

    /// Asks the sandbox where its socket is and which key it signs with, or the real service for its client version.
    static func find(sandboxURL: String?, settings: ClientSettings, logger: Logger) async throws -> RemoteService {
        let client = HTTPClient()
        let result: Result<RemoteService, any Error>
        do {
            result = .success(try await find(sandboxURL, settings, client, logger))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        return try result.get()
    }

    private static func find(
        _ sandboxURL: String?,
        _ settings: ClientSettings,
        _ client: HTTPClient,
        _ logger: Logger
    ) async throws -> RemoteService {
        let pinned = settings.version.flatMap { ClientVersion($0) }
        if let sandboxURL {
            let sandbox = try await description(of: sandboxURL, client)
            let service = try WhatsAppService.sandbox(
                webSocketURL: sandbox.webSocketURL,
                noiseRootKey: sandbox.rootKey
            )
            let versions = ClientVersionSource(pinned: pinned ?? .builtIn, logger: logger)
            return RemoteService(service: service, versions: versions)
        }
        if let pinned {
            return RemoteService(
                service: try .production(),
                versions: ClientVersionSource(pinned: pinned, logger: logger)
            )
        }
        // Remembered for this run alone: the command may be run by anybody, also without a data folder.
        let memory = FileManager.default.temporaryDirectory.appending(path: "wharf-version-\(UUID().uuidString)").path
        defer { unlink(memory) }
        let followed = ClientVersionSource(rememberedIn: memory, client: client, logger: logger)
        await followed.refresh()
        let versions = ClientVersionSource(pinned: followed.current, logger: logger)
        return RemoteService(service: try .production(), versions: versions)
    }

    private struct Description: Decodable {
        let webSocketURL: String
        let noiseRootKey: String

        var rootKey: [UInt8] {
            let digits = Array(noiseRootKey.utf8)
            return stride(from: 0, to: digits.count - 1, by: 2)
                .compactMap { UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16) }
        }
    }

    private static func description(of url: String, _ client: HTTPClient) async throws -> Description {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        var request = HTTPRequest(.get, base + "/sandbox")
        request.timeout = .seconds(10)
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await client.send(request)
        } catch {
            throw Failure("there is no sandbox at \(base) (\(error))", status: .unavailable)
        }
        guard response.status == 200,
            let description = try? JSONDecoder().decode(Description.self, from: Data(response.body)),
            description.rootKey.count == 32
        else { throw Failure("what answers at \(base) is not a sandbox", status: .unavailable) }
        return description
    }
}
