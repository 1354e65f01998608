internal import Crypto
internal import Foundation
package import HTTPClient
internal import Synchronization

/// Where GitHub is: it has no document that says so.
package struct GitHubPlaces: Sendable {
    package var authorize = "https://github.com/login/oauth/authorize"
    package var token = "https://github.com/login/oauth/access_token"
    package var api = "https://api.github.com"

    package init() {}
}

/// Talks with providers: where to send the browser, and who came back.
package final class ProviderClient: Sendable {
    private let http: HTTPClient
    private let cache = Mutex<[String: Discovered]>([:])
    private static let cacheTime: Duration = .seconds(3_600)
    private let gitHub: GitHubPlaces

    package init(http: HTTPClient, gitHub: GitHubPlaces = GitHubPlaces()) {
        self.http = http
        self.gitHub = gitHub
    }

    /// One login under way, as far as the provider needs to know it.
    struct Attempt {
        let state: String
        let nonce: String
        /// RFC 7636: sent as its hash first, and whole with the code.
        let verifier: String
        let redirect: String
    }

    private struct Configuration: Decodable {
        let issuer: String
        let authorizationEndpoint: String
        let tokenEndpoint: String
        let keysAddress: String

        enum CodingKeys: String, CodingKey {
            case issuer
            case authorizationEndpoint = "authorization_endpoint"
            case tokenEndpoint = "token_endpoint"
            case keysAddress = "jwks_uri"
        }
    }

    private struct Discovered {
        let configuration: Configuration
        var keys: JSONWebKeys
        let at: ContinuousClock.Instant
    }

    private struct TokenAnswer: Decodable {
        let accessToken: String?
        let idToken: String?

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case idToken = "id_token"
        }
    }

    /// Where the browser goes to say yes.
    func address(_ provider: Provider, _ attempt: Attempt) async throws -> String {
        let challenge = SecretToken.base64URL(SHA256.hash(data: Array(attempt.verifier.utf8)))
        var fields = [
            ("response_type", "code"), ("client_id", provider.clientID), ("redirect_uri", attempt.redirect),
            ("state", attempt.state), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        let endpoint: String
        switch provider.kind {
        case .gitHub:
            endpoint = gitHub.authorize
            fields.append(("scope", "read:user user:email"))
        case .openID:
            endpoint = try await discovered(provider).configuration.authorizationEndpoint
            fields += [("scope", "openid email profile"), ("nonce", attempt.nonce)]
        }
        return endpoint + (endpoint.contains("?") ? "&" : "?") + Self.form(fields)
    }

    /// Exchanges the code that the browser brought back for who its person is.
    func identity(_ provider: Provider, code: String, _ attempt: Attempt) async throws -> ProvidedIdentity {
        let fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", attempt.redirect),
            ("client_id", provider.clientID), ("client_secret", provider.clientSecret),
            ("code_verifier", attempt.verifier),
        ]
        switch provider.kind {
        case .gitHub:
            let answer = try await token(gitHub.token, fields)
            guard let access = answer.accessToken else { throw AccountsError.providerFailed(.badToken) }
            return try await gitHubIdentity(access)
        case .openID(let issuer):
            let configuration = try await discovered(provider).configuration
            let answer = try await token(configuration.tokenEndpoint, fields)
            guard let text = answer.idToken else { throw AccountsError.providerFailed(.badToken) }
            let expectation = IDToken.Expectation(
                issuers: [issuer.name] + issuer.otherNames,
                clientID: provider.clientID,
                nonce: attempt.nonce
            )
            return try Self.identity(try await idToken(text, provider, expectation))
        }
    }

    // MARK: OpenID Connect

    private func idToken(
        _ text: String,
        _ provider: Provider,
        _ expectation: IDToken.Expectation
    ) async throws -> IDToken {
        let keys = try await discovered(provider).keys
        if let token = IDToken(text, keys: keys, expecting: expectation, at: Date()) { return token }
        // The provider may have changed its keys since we read them.
        let fresh = try await discovered(provider, isFresh: true).keys
        guard let token = IDToken(text, keys: fresh, expecting: expectation, at: Date()) else {
            throw AccountsError.providerFailed(.badToken)
        }
        return token
    }

    private static func identity(_ token: IDToken) throws -> ProvidedIdentity {
        guard token.isEmailVerified, let email = token.email.flatMap({ EmailAddress($0) }) else {
            throw AccountsError.providerFailed(.unverifiedEmail)
        }
        return ProvidedIdentity(subject: token.subject, email: email, name: token.name)
    }

    private func discovered(_ provider: Provider, isFresh: Bool = false) async throws -> Discovered {
        guard case .openID(let issuer) = provider.kind else { throw AccountsError.unknownProvider }
        if !isFresh, let known = cache.withLock({ $0[provider.id] }), known.at.duration(to: .now) < Self.cacheTime {
            return known
        }
        let configuration = try await read(Configuration.self, issuer.document)
        let addresses = [
            configuration.authorizationEndpoint, configuration.tokenEndpoint, configuration.keysAddress,
        ]
        // OpenID Connect Discovery, section 4.3: whoever answers for another issuer is not it.
        guard configuration.issuer == issuer.name, addresses.allSatisfy({ Self.isAllowed($0, by: issuer) }) else {
            throw AccountsError.providerFailed(.badToken)
        }
        let answer = try await send(HTTPRequest(.get, configuration.keysAddress))
        guard let keys = JSONWebKeys(answer.body) else { throw AccountsError.providerFailed(.badToken) }
        let found = Discovered(configuration: configuration, keys: keys, at: .now)
        cache.withLock { $0[provider.id] = found }
        return found
    }

    /// Plain http is for issuers that are reached by it themselves, which is this machine.
    private static func isAllowed(_ address: String, by issuer: OpenIDIssuer) -> Bool {
        address.hasPrefix("https://") || issuer.document.hasPrefix("http://") && address.hasPrefix("http://")
    }

    // MARK: GitHub

    private struct GitHubUser: Decodable {
        let id: Int64
        let login: String
        let name: String?
    }

    private struct GitHubEmail: Decodable {
        let email: String
        let primary: Bool
        let verified: Bool
    }

    private func gitHubIdentity(_ access: String) async throws -> ProvidedIdentity {
        let headers = [
            HTTPHeader("Authorization", "Bearer \(access)"), HTTPHeader("Accept", "application/vnd.github+json"),
            HTTPHeader("X-GitHub-Api-Version", "2022-11-28"),
        ]
        let user = try await read(GitHubUser.self, "\(gitHub.api)/user", headers)
        // Thirty to a page unless more are asked for, in no order that is promised.
        let emails = try await read([GitHubEmail].self, "\(gitHub.api)/user/emails?per_page=100", headers)
        guard let email = emails.first(where: { $0.primary && $0.verified }).flatMap({ EmailAddress($0.email) }) else {
            throw AccountsError.providerFailed(.unverifiedEmail)
        }
        return ProvidedIdentity(subject: String(user.id), email: email, name: user.name ?? user.login)
    }

    // MARK: HTTP

    private func token(_ address: String, _ fields: [(String, String)]) async throws -> TokenAnswer {
        var request = HTTPRequest(.post, address, body: Array(Self.form(fields).utf8))
        request.headers = [
            HTTPHeader("Content-Type", "application/x-www-form-urlencoded"), HTTPHeader("Accept", "application/json"),
        ]
        let answer = try await send(request, refusal: .badToken)
        guard let token = try? JSONDecoder().decode(TokenAnswer.self, from: Data(answer.body)) else {
            throw AccountsError.providerFailed(.badToken)
        }
        return token
    }

    private func read<Value: Decodable>(
        _ type: Value.Type,
        _ address: String,
        _ headers: [HTTPHeader] = []
    ) async throws -> Value {
        let answer = try await send(HTTPRequest(.get, address, headers: headers))
        guard let value = try? JSONDecoder().decode(type, from: Data(answer.body)) else {
            throw AccountsError.providerFailed(.unreachable)
        }
        return value
    }

    private func send(_ request: HTTPRequest, refusal: ProviderProblem = .unreachable) async throws -> HTTPResponse {
        var request = request
        request.timeout = .seconds(15)
        request.connectTimeout = .seconds(5)
        let answer: HTTPResponse
        do throws(HTTPClientError) {
            answer = try await http.send(request)
        } catch {
            throw AccountsError.providerFailed(.unreachable)
        }
        guard answer.status == 200 else {
            throw AccountsError.providerFailed((400...499).contains(answer.status) ? refusal : .unreachable)
        }
        return answer
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            return isPlain || "-._~".utf8.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + String(Int(byte) + 0x100, radix: 16).suffix(2).uppercased()
        }.joined()
    }
}
