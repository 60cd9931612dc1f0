import { serve } from "./lsp/connection";

void serve();
