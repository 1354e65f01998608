internal import Accounts
internal import Bots
internal import HTTPTypes
internal import Hummingbird

/// What is wrong with a file that came with a form, to be told beside the field that it was chosen in.
private struct UploadProblem: UserFacingError {
    let problem: any UserFacingError

    var code: String { problem.code }
    var message: String { problem.message }
    var status: HTTPResponse.Status { problem.status }
    var field: String? { FileChoice.uploadField }
}

extension CommandDesk {
    /// The button of an editor that adds a file where no script does: the editor comes back with all that was typed, and
    /// with the file chosen.
    func upload(
        _ part: String,
        formLimit: Int = Route.standardFormLimit,
        again: @escaping @Sendable (Request, WebContext, (any UserFacingError)?) async throws -> Response
    ) -> Route {
        .post("/bots/{id}/\(part)/file", .may(.bots), formLimit: formLimit) { request, context in
            var context = context
            do {
                let (id, caller) = (try context.botID(), try context.signedIn().botCaller)
                let file = try await control.add(try context.form.newFile(), to: id, by: caller)
                context.form = context.form.with("file", file.id.text)
            } catch {
                guard let known = userFacing(error), !(error is HostingError) else { throw error }
                return try await again(request, context, UploadProblem(problem: known))
            }
            return try await again(request, context, nil)
        }
        .taking(uploadsUpTo: BotFile.limit)
    }
}

extension FormFields {
    fileprivate func newFile() throws(AutomationError) -> BotFile {
        guard let file = upload, file.field == FileChoice.uploadField, !file.isCut, !file.name.isEmpty else {
            throw .invalid(.content)
        }
        var kind = BotFile.kind(of: file.mimeType)
        if let named = self["upload-kind"] {
            guard let known = BotFile.Kind(rawValue: named) else { throw .invalid(.kind) }
            kind = known
        }
        return BotFile(kind: kind, mimeType: file.mimeType, name: file.name, bytes: file.bytes)
    }
}
