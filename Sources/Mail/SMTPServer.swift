internal import CCurl
internal import Dispatch
internal import Foundation

/// A mail server, spoken to by libcurl, one mail after the other on a queue of its own.
package final class SMTPServer: MailTransport {
    private let url: String
    private let user: String?
    private let password: String?
    private let isLocal: Bool
    private let sender: String
    private let queue = DispatchQueue(label: "mail.smtp")

    /// Reads `smtp://user:password@host:587` (STARTTLS, which only a server on this machine may lack) or `smtps://…:465`.
    package init?(url text: String, sender: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["smtp", "smtps"].contains(scheme), let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/"
        else { return nil }
        url = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? (scheme == "smtp" ? ":587" : ""))
        user = parts.user
        password = parts.password
        isLocal = ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host)
        self.sender = sender
    }

    package func send(_ message: MailMessage) async throws(MailError) {
        let bytes = message.wireForm(from: sender, at: Date())
        let result: Result<Void, MailError> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                do throws(MailError) {
                    try perform(message.recipient, bytes)
                    continuation.resume(returning: .success(()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        try result.get()
    }

    /// What libcurl reads the mail from.
    private final class Source {
        let bytes: [UInt8]
        var position = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(buffer.count, bytes.count - position)
            buffer.copyBytes(from: bytes[position..<position + count])
            position += count
            return count
        }
    }

    /// Blocks its thread until the mail is gone, for a minute at most.
    private func perform(_ recipient: String, _ bytes: [UInt8]) throws(MailError) {
        guard let handle = curl_easy_init() else { throw .unreachable(code: Int(CURLE_OUT_OF_MEMORY.rawValue)) }
        defer { curl_easy_cleanup(handle) }
        guard let recipients = curl_slist_append(nil, "<\(recipient)>") else {
            throw .unreachable(code: Int(CURLE_OUT_OF_MEMORY.rawValue))
        }
        defer { curl_slist_free_all(recipients) }
        let source = Source(bytes)
        let me = Unmanaged.passUnretained(source).toOpaque()
        var codes = [
            wharf_curl_set_string(handle, CURLOPT_URL, url),
            wharf_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            wharf_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            wharf_curl_set_long(handle, CURLOPT_TIMEOUT, 60),
            wharf_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 15),
            wharf_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
            wharf_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            wharf_curl_set_long(
                handle,
                CURLOPT_USE_SSL,
                Int(isLocal ? CURLUSESSL_TRY.rawValue : CURLUSESSL_ALL.rawValue)
            ),
            wharf_curl_set_string(handle, CURLOPT_MAIL_FROM, "<\(sender)>"),
            wharf_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients),
            wharf_curl_set_long(handle, CURLOPT_UPLOAD, 1),
            wharf_curl_set_pointer(handle, CURLOPT_READDATA, me),
            wharf_curl_set_data_function(handle, CURLOPT_READFUNCTION) { buffer, size, count, source in
                guard let buffer, let source else { return wharf_curl_abort }
                return Unmanaged<Source>.fromOpaque(source).takeUnretainedValue()
                    .fill(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            },
        ]
        if let user { codes.append(wharf_curl_set_string(handle, CURLOPT_USERNAME, user)) }
        if let password { codes.append(wharf_curl_set_string(handle, CURLOPT_PASSWORD, password)) }
        if let wrong = codes.first(where: { $0 != CURLE_OK }) { throw .unreachable(code: Int(wrong.rawValue)) }
        let code = withExtendedLifetime(source) { curl_easy_perform(handle) }
        guard code != CURLE_OK else { return }
        var answer = 0
        _ = wharf_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &answer)
        if (500...599).contains(answer) { throw .refused(code: answer) }
        throw .unreachable(code: Int(code.rawValue))
    }
}
